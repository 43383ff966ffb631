using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>An instruction's line cut into name, flags and arguments; of ONBUILD also the same of its trigger.</summary>
internal sealed class InstructionHeader
{
    private static readonly FrozenDictionary<string, string> Names =
        InstructionParser.Names.ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> NamesBySpan =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    private InstructionHeader(LineRange range, LineRange keyword)
    {
        Range = range;
        Keyword = keyword;
        Name = NamesBySpan.TryGetValue(keyword.Text, out string? known) ? known : keyword.Text.ToString().ToUpperInvariant();
    }

    public LineRange Range { get; }

    public LineRange Keyword { get; }

    /// <summary>The name in upper case.</summary>
    public string Name { get; }

    public ImmutableArray<Flag> Flags { get; private init; }

    public LineRange Arguments { get; private init; }

    public JsonForm Json { get; private init; }

    public InstructionHeader? Trigger { get; private init; }

    public bool MayHaveHeredocs => Trigger is { } trigger
        ? trigger.Name is "RUN" or "COPY" or "ADD" && trigger.Json == JsonForm.None
        : Name is "RUN" or "COPY" or "ADD" && Json == JsonForm.None;

    public static InstructionHeader Read(LineRange range, bool isTrigger = false)
    {
        range = range.Trim();
        (LineRange first, LineRange remaining) = WordSplitting.SplitFirst(range);
        range.Line.Mark(first.Start, first.End, TokenKind.Keyword);
        LineRange arguments = FlagSplitting.Split(remaining, out ImmutableArray<Flag> flags);
        JsonForm json = JsonForm.None;
        if (!arguments.IsEmpty && arguments.Text[0] == '[' && TakesJson(first.Text)) json = JsonStrings.Read(arguments);
        bool isOnbuild = !isTrigger && !arguments.IsEmpty && first.Text.Equals("ONBUILD", StringComparison.OrdinalIgnoreCase);
        return new(range, first)
        {
            Flags = flags,
            Arguments = arguments,
            Json = json,
            Trigger = isOnbuild ? Read(arguments, isTrigger: true) : null,
        };
    }

    private static bool TakesJson(ReadOnlySpan<char> keyword) => NamesBySpan.TryGetValue(keyword, out string? name)
        && name is "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" or "COPY" or "ADD" or "VOLUME";
}
