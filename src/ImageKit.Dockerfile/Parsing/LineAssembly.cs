using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>
/// The physical lines of one instruction, as they come: pieces of its logical line, continuations, comments, heredocs. One object serves for
/// all instructions of a file.
/// </summary>
internal sealed class LineAssembly(SourceText source, bool collectsTokens)
{
    // A piece of the logical line has no kind yet; the marks of the line decide. Stays empty unless tokens are wanted.
    private readonly List<(TokenKind? Kind, int Start, int End)> _parts = [];

    private readonly LogicalLine _file = new(source, collectsTokens ? [] : null);
    private readonly List<int> _starts = [];
    private readonly List<int> _ends = [];
    private readonly StringBuilder _joined = new();

    /// <summary>The logical line, once <see cref="Finish"/> was called.</summary>
    public LineRange Line { get; private set; }

    /// <summary>Begins a new instruction with its first line, from a position on.</summary>
    /// <returns>Whether it is continued on the next line.</returns>
    public bool Begin(int start, SourceLine line, char escape)
    {
        _parts.Clear();
        _file.Marks?.Clear();
        _starts.Clear();
        _ends.Clear();
        bool continues = FindContinuation(start, line.ContentEnd, escape, out int end);
        Line = new(_file, start, end);
        AddLine(start, end, line, continues);
        return continues;
    }

    /// <summary>Adds a further line of the instruction.</summary>
    /// <returns>Whether it is continued on the next line.</returns>
    public bool Add(SourceLine line, char escape)
    {
        bool continues = FindContinuation(line.Start, line.ContentEnd, escape, out int end);
        Append(line.Start, end);
        AddLine(line.Start, end, line, continues);
        return continues;
    }

    /// <summary>Ends the line.</summary>
    public void Finish()
    {
        if (_starts.Count == 0) return;
        int[] logicalStarts = new int[_starts.Count];
        _joined.Clear();
        for (int i = 0; i < logicalStarts.Length; i++)
        {
            logicalStarts[i] = _joined.Length;
            _joined.Append(source.Text, _starts[i], _ends[i] - _starts[i]);
        }

        string text = _joined.ToString();
        Line = new(new(_file, text, logicalStarts, [.. _starts]), 0, text.Length);
    }

    public void AddBlank(SourceLine line)
    {
        AddPart(TokenKind.Blank, line.Start, line.ContentEnd);
        AddPart(TokenKind.NewLine, line.ContentEnd, line.End);
    }

    public void AddComment(int content, SourceLine line)
    {
        AddPart(TokenKind.Blank, line.Start, content);
        AddPart(TokenKind.Comment, content, line.ContentEnd);
        AddPart(TokenKind.NewLine, line.ContentEnd, line.End);
    }

    public void AddHeredoc(int start, int end, SourceLine? terminator)
    {
        AddPart(TokenKind.HeredocBody, start, end);
        if (terminator is not { } line) return;
        AddPart(TokenKind.HeredocEnd, line.Start, line.ContentEnd);
        AddPart(TokenKind.NewLine, line.ContentEnd, line.End);
    }

    /// <summary>The tokens of the instruction once its line was understood.</summary>
    public void AddTokens(List<Token> tokens)
    {
        List<LineMark> marks = _file.Marks!;
        marks.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        int logical = Line.Start;
        int mark = 0;
        foreach ((TokenKind? kind, int start, int end) in _parts)
        {
            if (kind is { } known)
            {
                if (end > start) tokens.Add(new(known, source.Text, source.Span(start, end)));
                continue;
            }

            int pieceEnd = logical + end - start;
            while (logical < pieceEnd)
            {
                while (mark < marks.Count && marks[mark].End <= logical) mark++;
                (TokenKind tokenKind, int tokenEnd) = NextToken(marks, mark, logical, pieceEnd);
                int at = end - (pieceEnd - logical);
                int length = tokenEnd - logical;
                tokens.Add(new(tokenKind, source.Text, source.Span(at, at + length)));
                logical = tokenEnd;
            }
        }
    }

    private (TokenKind Kind, int End) NextToken(List<LineMark> marks, int mark, int at, int limit)
    {
        if (mark < marks.Count && marks[mark].Start <= at) return (marks[mark].Kind, Math.Min(marks[mark].End, limit));
        int end = mark < marks.Count ? Math.Min(marks[mark].Start, limit) : limit;
        bool blank = char.IsWhiteSpace(Line.Line.Text[at]);
        int stop = at + 1;
        while (stop < end && char.IsWhiteSpace(Line.Line.Text[stop]) == blank) stop++;
        return (blank ? TokenKind.Blank : TokenKind.Other, stop);
    }

    // One piece that is not empty is a part of the file; a second makes it a text of its own.
    private void Append(int start, int end)
    {
        if (end <= start) return;
        if (_starts.Count == 0)
        {
            if (Line.IsEmpty)
            {
                Line = new(_file, start, end);
                return;
            }

            _starts.Add(Line.Start);
            _ends.Add(Line.End);
        }

        _starts.Add(start);
        _ends.Add(end);
    }

    private void AddLine(int start, int end, SourceLine line, bool continues)
    {
        AddPart(null, start, end);
        if (continues) AddPart(TokenKind.Continuation, end, line.ContentEnd);
        AddPart(TokenKind.NewLine, line.ContentEnd, line.End);
    }

    private void AddPart(TokenKind? kind, int start, int end)
    {
        if (collectsTokens) _parts.Add((kind, start, end));
    }

    // The escape character, alone, then blanks at most; a doubled one ends no line.
    private bool FindContinuation(int start, int contentEnd, char escape, out int end)
    {
        string text = source.Text;
        int at = contentEnd - 1;
        while (at >= start && text[at] is ' ' or '\t') at--;
        bool continues = at >= start && text[at] == escape && !(at > start && text[at - 1] == escape);
        end = continues ? at : contentEnd;
        return continues;
    }
}
