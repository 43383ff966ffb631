using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>An instruction's line cut into name, flags and arguments.</summary>
internal readonly record struct InstructionHeader
{
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Names = InstructionParser.Names
        .ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    public LineRange Range { get; private init; }

    public LineRange Keyword { get; private init; }

    /// <summary>The name in upper case.</summary>
    public string Name { get; private init; }

    /// <summary>Whether there is an instruction of that name.</summary>
    public bool IsKnown { get; private init; }

    public ImmutableArray<Flag> Flags { get; private init; }

    public LineRange Arguments { get; private init; }

    public JsonForm Json { get; private init; }

    /// <summary>Whether heredocs may follow: those of ONBUILD are its trigger's.</summary>
    public bool MayHaveHeredocs => Name is "RUN" or "COPY" or "ADD" ? Json == JsonForm.None
        : Name == "ONBUILD" && Trigger is { Name: "RUN" or "COPY" or "ADD", Json: JsonForm.None };

    /// <summary>The instruction in ONBUILD; null if nothing follows it.</summary>
    public InstructionHeader? Trigger => Arguments.IsEmpty ? null : Read(Arguments);

    public static InstructionHeader Read(LineRange range)
    {
        range = range.Trim();
        (LineRange keyword, LineRange remaining) = WordSplitting.SplitFirst(range);
        range.Line.Mark(keyword.Start, keyword.End, TokenKind.Keyword);
        LineRange arguments = FlagSplitting.Split(remaining, out ImmutableArray<Flag> flags);
        bool isKnown = Names.TryGetValue(keyword.Text, out string? known);
        string name = known ?? range.Line.Source.UpperCase(keyword.Text);
        return new()
        {
            Range = range,
            Keyword = keyword,
            Name = name,
            IsKnown = isKnown,
            Flags = flags,
            Arguments = arguments,
            Json = ReadJson(name, arguments),
        };
    }

    private static JsonForm ReadJson(string name, LineRange arguments)
    {
        if (name == "HEALTHCHECK") arguments = WordSplitting.SplitFirst(arguments).Remaining;
        if (arguments.IsEmpty || arguments.Text[0] != '[') return JsonForm.None;
        bool takesJson = name is "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" or "COPY" or "ADD" or "VOLUME" or "HEALTHCHECK";
        return takesJson ? JsonStrings.Read(arguments) : JsonForm.None;
    }
}
