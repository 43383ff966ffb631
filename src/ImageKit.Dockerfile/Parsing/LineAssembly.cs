namespace ImageKit.Dockerfile;

/// <summary>
/// The physical lines of one instruction, as they come: pieces of its logical line, continuations, comments, heredocs. One object serves for
/// all instructions of a file.
/// </summary>
internal sealed class LineAssembly(SourceText source, bool collectsTokens)
{
    // A piece of the logical line has no kind yet; the marks of the line decide. Stays empty unless tokens are wanted.
    private readonly List<(TokenKind? Kind, int Start, int End)> _parts = [];

    public LogicalLine Line { get; } = new(source, collectsTokens);

    /// <summary>Begins a new instruction with its first line, from a position on.</summary>
    /// <returns>Whether it is continued on the next line.</returns>
    public bool Begin(int start, SourceLine line, char escape)
    {
        _parts.Clear();
        bool continues = FindContinuation(start, line.ContentEnd, escape, out int end);
        Line.Begin(start, end);
        AddLine(start, end, line, continues);
        return continues;
    }

    /// <summary>Adds a further line of the instruction.</summary>
    /// <returns>Whether it is continued on the next line.</returns>
    public bool Add(SourceLine line, char escape)
    {
        bool continues = FindContinuation(line.Start, line.ContentEnd, escape, out int end);
        Line.Append(line.Start, end);
        AddLine(line.Start, end, line, continues);
        return continues;
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
        Line.Marks.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        int logical = Line.Range.Start;
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
                while (mark < Line.Marks.Count && Line.Marks[mark].End <= logical) mark++;
                (TokenKind tokenKind, int tokenEnd) = NextToken(mark, logical, pieceEnd);
                int at = end - (pieceEnd - logical);
                int length = tokenEnd - logical;
                tokens.Add(new(tokenKind, source.Text, source.Span(at, at + length)));
                logical = tokenEnd;
            }
        }
    }

    private (TokenKind Kind, int End) NextToken(int mark, int at, int limit)
    {
        if (mark < Line.Marks.Count && Line.Marks[mark].Start <= at) return (Line.Marks[mark].Kind, Math.Min(Line.Marks[mark].End, limit));
        int end = mark < Line.Marks.Count ? Math.Min(Line.Marks[mark].Start, limit) : limit;
        bool blank = char.IsWhiteSpace(Line.Text[at]);
        int stop = at + 1;
        while (stop < end && char.IsWhiteSpace(Line.Text[stop]) == blank) stop++;
        return (blank ? TokenKind.Blank : TokenKind.Other, stop);
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
