namespace ImageKit.Dockerfile;

/// <summary>An instruction's line cut into name, flags and arguments; of ONBUILD also the same of its trigger.</summary>
internal sealed record InstructionHeader
{
    public required LineRange Range { get; init; }

    public required Word Keyword { get; init; }

    public required List<Flag> Flags { get; init; }

    public required LineRange Arguments { get; init; }

    public JsonForm Json { get; init; }

    public List<Word> JsonWords { get; init; } = [];

    public InstructionHeader? Trigger { get; init; }

    public string Name => Keyword.Text.ToUpperInvariant();

    public bool MayHaveHeredocs => Trigger is { } trigger
        ? trigger.Name is "RUN" or "COPY" or "ADD" && trigger.Json == JsonForm.None
        : Name is "RUN" or "COPY" or "ADD" && Json == JsonForm.None;

    public static InstructionHeader Read(LineRange range, bool isTrigger = false)
    {
        range = range.Trim();
        (LineRange first, LineRange remaining) = WordSplitting.SplitFirst(range);
        Word keyword = range.Line.Word(first.Start, first.End, TokenKind.Keyword);
        List<Flag> flags = [];
        LineRange arguments = FlagSplitting.Split(remaining, flags);
        InstructionHeader header = new() { Range = range, Keyword = keyword, Flags = flags, Arguments = arguments };
        if (header.Name == "ONBUILD" && !isTrigger && !arguments.IsEmpty) return header with { Trigger = Read(arguments, isTrigger: true) };
        if (header.Name is not ("RUN" or "CMD" or "ENTRYPOINT" or "SHELL" or "COPY" or "ADD" or "VOLUME")) return header;
        return header with { Json = JsonStrings.Read(arguments, out List<Word> words), JsonWords = words };
    }
}
