using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>
/// An instruction's line with its continuations joined, which knows where each character stood. A line without continuations is a part of the
/// file itself; only others are copied. One object serves for all instructions of a file, one after the other.
/// </summary>
internal sealed class LogicalLine(SourceText source, bool collectsMarks)
{
    private readonly List<int> _logicalStarts = [];
    private readonly List<int> _sourceStarts = [];
    private readonly StringBuilder _builder = new();
    private bool _isJoined;

    /// <summary>What was recognised in the line, as places in <see cref="Text"/>; stays empty unless tokens are wanted.</summary>
    public List<LineMark> Marks { get; } = [];

    public bool CollectsMarks => collectsMarks;

    /// <summary>The text that the line is a part of; places in the line are places in it.</summary>
    public string Text { get; private set; } = "";

    public SourceText Source => source;

    /// <summary>The whole line.</summary>
    public LineRange Range { get; private set; }

    /// <summary>Begins a new line with a piece of the source.</summary>
    public void Begin(int start, int end)
    {
        Marks.Clear();
        _isJoined = false;
        Text = source.Text;
        Range = new(this, start, end);
    }

    /// <summary>Adds a further piece of the source.</summary>
    public void Append(int start, int end)
    {
        if (end <= start) return;
        if (!_isJoined)
        {
            if (Range.IsEmpty)
            {
                Range = new(this, start, end);
                return;
            }

            _isJoined = true;
            _builder.Clear();
            _logicalStarts.Clear();
            _sourceStarts.Clear();
            Piece(Range.Start, Range.End);
        }

        Piece(start, end);
    }

    /// <summary>Ends the line; from now on its text may be read.</summary>
    public void Finish()
    {
        if (!_isJoined) return;
        Text = _builder.ToString();
        Range = new(this, 0, Text.Length);
        if (_builder.Capacity > 1 << 16) _builder.Capacity = _builder.Clear().Length;
    }

    /// <summary>The part of the source that a part of the text came from; an empty part stands behind the character before it.</summary>
    public SourceSpan Span(int start, int end)
    {
        if (!_isJoined) return source.Span(start, Math.Max(start, end));
        int sourceStart = start < Text.Length && end > start ? ToSource(start) : start > 0 ? ToSource(start - 1) + 1 : ToSource(0);
        return source.Span(sourceStart, end > start ? ToSource(end - 1) + 1 : sourceStart);
    }

    /// <summary>A part of the text as a word, noted as a token.</summary>
    public Word Word(int start, int end, TokenKind kind = TokenKind.Word)
    {
        Mark(start, end, kind);
        return Part(start, end);
    }

    /// <summary>A part of the text as a word that is no token of its own.</summary>
    public Word Part(int start, int end) => new(Text, start, end - start, Span(start, end));

    public void Mark(int start, int end, TokenKind kind)
    {
        if (collectsMarks && end > start) Marks.Add(new(start, end, kind));
    }

    private void Piece(int start, int end)
    {
        _logicalStarts.Add(_builder.Length);
        _sourceStarts.Add(start);
        _builder.Append(source.Text, start, end - start);
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
        string text = Line.Text;
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return new(Line, start, end);
    }

    public Word AsWord() => Line.Word(Start, End);

    /// <summary>As <see cref="AsWord"/>, but no token of its own.</summary>
    public Word AsPart() => Line.Part(Start, End);
}
