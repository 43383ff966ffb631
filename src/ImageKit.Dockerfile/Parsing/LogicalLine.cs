namespace ImageKit.Dockerfile;

/// <summary>
/// An instruction's line with its continuations joined, which knows where each character stood. Lines without continuations are parts of the
/// file itself, and share one object.
/// </summary>
internal sealed class LogicalLine
{
    private readonly int[]? _logicalStarts; // null: places in the text are places in the file
    private readonly int[] _sourceStarts = [];

    /// <summary>A line for all that is not continued.</summary>
    public LogicalLine(SourceText source, List<LineMark>? marks)
    {
        Source = source;
        Text = source.Text;
        Marks = marks;
    }

    /// <summary>A line that is joined of pieces of the file.</summary>
    public LogicalLine(LogicalLine file, string text, int[] logicalStarts, int[] sourceStarts)
    {
        Source = file.Source;
        Text = text;
        Marks = file.Marks;
        _logicalStarts = logicalStarts;
        _sourceStarts = sourceStarts;
    }

    /// <summary>What was recognised in the line, as places in <see cref="Text"/>; null unless tokens are wanted.</summary>
    public List<LineMark>? Marks { get; }

    /// <summary>The text that the line is a part of; places in the line are places in it.</summary>
    public string Text { get; }

    public SourceText Source { get; }

    /// <summary>The part of the source that a part of the text came from; an empty part stands behind the character before it.</summary>
    public SourceSpan Span(int start, int end)
    {
        if (_logicalStarts is null) return Source.Span(start, Math.Max(start, end));
        int sourceStart = start < Text.Length && end > start ? ToSource(start) : start > 0 ? ToSource(start - 1) + 1 : ToSource(0);
        return Source.Span(sourceStart, end > start ? ToSource(end - 1) + 1 : sourceStart);
    }

    /// <summary>A part of the text as a word, noted as a token.</summary>
    public Word Word(int start, int end)
    {
        Mark(start, end, TokenKind.Word);
        return Part(start, end);
    }

    /// <summary>A part of the text as a word that is no token of its own.</summary>
    public Word Part(int start, int end) => new(Text, start, end - start, Span(start, end));

    public void Mark(int start, int end, TokenKind kind)
    {
        if (end > start) Marks?.Add(new(start, end, kind));
    }

    private int ToSource(int logical)
    {
        int piece = Array.BinarySearch(_logicalStarts!, logical);
        if (piece < 0) piece = ~piece - 1;
        return _sourceStarts[piece] + logical - _logicalStarts![piece];
    }
}

/// <summary>A part of a logical line and what it is.</summary>
internal readonly record struct LineMark(int Start, int End, TokenKind Kind);
