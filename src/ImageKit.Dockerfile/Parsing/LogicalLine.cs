using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>An instruction's line with its continuations joined, which knows where each character stood.</summary>
internal sealed class LogicalLine
{
    private readonly SourceText _source;
    private readonly List<int> _logicalStarts = [];
    private readonly List<int> _sourceStarts = [];
    private readonly StringBuilder _builder = new();
    private string? _text;

    public LogicalLine(SourceText source) => _source = source;

    /// <summary>The pieces of the text that were joined, as places in the source.</summary>
    public List<(int Start, int End)> Pieces { get; } = [];

    /// <summary>What was recognised in the line, as places in <see cref="Text"/>.</summary>
    public List<LineMark> Marks { get; } = [];

    public string Text => _text ??= _builder.ToString();

    public SourceText Source => _source;

    public void Append(int start, int end)
    {
        if (end > start)
        {
            _logicalStarts.Add(_builder.Length);
            _sourceStarts.Add(start);
            _builder.Append(_source.Text, start, end - start);
        }

        Pieces.Add((start, end));
    }

    /// <summary>The part of the source that a part of the text came from; an empty part stands behind the character before it.</summary>
    public SourceSpan Span(int start, int end)
    {
        if (_logicalStarts.Count == 0)
        {
            int only = Pieces.Count > 0 ? Pieces[0].Start : 0;
            return _source.Span(only, only);
        }

        int sourceStart = start < Text.Length && end > start ? ToSource(start) : start > 0 ? ToSource(start - 1) + 1 : ToSource(0);
        return _source.Span(sourceStart, end > start ? ToSource(end - 1) + 1 : sourceStart);
    }

    /// <summary>A part of the text as a word, noted as a token.</summary>
    public Word Word(int start, int end, TokenKind kind = TokenKind.Word)
    {
        Mark(start, end, kind);
        return new(Text[start..end], Span(start, end));
    }

    public void Mark(int start, int end, TokenKind kind)
    {
        if (end > start) Marks.Add(new(start, end, kind));
    }

    private int ToSource(int logical)
    {
        int piece = _logicalStarts.BinarySearch(logical);
        if (piece < 0) piece = ~piece - 1;
        return _sourceStarts[piece] + logical - _logicalStarts[piece];
    }
}

/// <summary>A part of a logical line and what it is.</summary>
internal readonly record struct LineMark(int Start, int End, TokenKind Kind);

/// <summary>A stretch of a logical line that is still to be read.</summary>
internal readonly record struct LineRange(LogicalLine Line, int Start, int End)
{
    public ReadOnlySpan<char> Text => Line.Text.AsSpan(Start, End - Start);

    public bool IsEmpty => End <= Start;

    public SourceSpan Span => Line.Span(Start, End);

    public LineRange From(int start) => this with { Start = start };

    public LineRange Trim()
    {
        int start = Start;
        int end = End;
        while (start < end && char.IsWhiteSpace(Line.Text[start])) start++;
        while (end > start && char.IsWhiteSpace(Line.Text[end - 1])) end--;
        return new(Line, start, end);
    }

    public Word AsWord() => Line.Word(Start, End);
}
