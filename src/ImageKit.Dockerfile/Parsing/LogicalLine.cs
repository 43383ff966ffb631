using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>An instruction's line with its continuations joined, which knows where each character stood.</summary>
internal sealed class LogicalLine
{
    private readonly SourceText _source;
    private readonly List<int> _logicalStarts = [];
    private readonly List<int> _sourceStarts = [];
    private StringBuilder? _builder; // only for lines that are continued
    private string? _text;
    private int _length;
    private int _start = -1;

    public LogicalLine(SourceText source) => _source = source;

    /// <summary>What was recognised in the line, as places in <see cref="Text"/>.</summary>
    public List<LineMark> Marks { get; } = [];

    public string Text => _text ??= _builder?.ToString() ?? (_length == 0 ? "" : _source.Text.Substring(_sourceStarts[0], _length));

    public SourceText Source => _source;

    /// <summary>Adds a piece of the source.</summary>
    public void Append(int start, int end)
    {
        if (_start < 0) _start = start;
        if (end <= start) return;
        if (_length > 0)
        {
            _builder ??= new StringBuilder().Append(_source.Text, _sourceStarts[0], _length);
            _builder.Append(_source.Text, start, end - start);
        }

        _logicalStarts.Add(_length);
        _sourceStarts.Add(start);
        _length += end - start;
    }

    /// <summary>The part of the source that a part of the text came from; an empty part stands behind the character before it.</summary>
    public SourceSpan Span(int start, int end)
    {
        if (_length == 0) return _source.Span(Math.Max(_start, 0), Math.Max(_start, 0));

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
