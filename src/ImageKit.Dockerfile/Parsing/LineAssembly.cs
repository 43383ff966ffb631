namespace ImageKit.Dockerfile;

/// <summary>The physical lines of one instruction, as they come: pieces of its logical line, continuations, comments, heredocs.</summary>
internal sealed class LineAssembly(SourceText source)
{
    // A piece of the logical line has no kind yet; the marks of the line decide.
    private readonly List<(TokenKind? Kind, int Start, int End)> _parts = [];

    public LogicalLine Line { get; } = new(source);

    /// <summary>Adds a line of the instruction from a position on.</summary>
    /// <returns>Whether it is continued on the next line.</returns>
    public bool Add(int start, SourceLine line, char escape)
    {
        int end = line.ContentEnd;
        bool continues = FindContinuation(start, ref end, escape);
        Line.Append(start, end);
        _parts.Add((null, start, end));
        if (continues) _parts.Add((TokenKind.Continuation, end, line.ContentEnd));
        _parts.Add((TokenKind.NewLine, line.ContentEnd, line.End));
        return continues;
    }

    public void AddBlank(SourceLine line)
    {
        _parts.Add((TokenKind.Blank, line.Start, line.ContentEnd));
        _parts.Add((TokenKind.NewLine, line.ContentEnd, line.End));
    }

    public void AddComment(int content, SourceLine line)
    {
        _parts.Add((TokenKind.Blank, line.Start, content));
        _parts.Add((TokenKind.Comment, content, line.ContentEnd));
        _parts.Add((TokenKind.NewLine, line.ContentEnd, line.End));
    }

    public void AddHeredoc(int start, int end, SourceLine? terminator)
    {
        _parts.Add((TokenKind.HeredocBody, start, end));
        if (terminator is not { } line) return;
        _parts.Add((TokenKind.HeredocEnd, line.Start, line.ContentEnd));
        _parts.Add((TokenKind.NewLine, line.ContentEnd, line.End));
    }

    /// <summary>The tokens of the instruction once its line was understood.</summary>
    public IEnumerable<Token> ToTokens(SourceText from)
    {
        Line.Marks.Sort((a, b) => a.Start.CompareTo(b.Start));
        int logical = 0;
        int mark = 0;
        foreach ((TokenKind? kind, int start, int end) in _parts)
        {
            if (kind is { } known)
            {
                if (end > start) yield return new(known, from.Text, from.Span(start, end));
                continue;
            }

            int pieceEnd = logical + end - start;
            while (logical < pieceEnd)
            {
                while (mark < Line.Marks.Count && Line.Marks[mark].End <= logical) mark++;
                (TokenKind tokenKind, int tokenEnd) = NextToken(mark, logical, pieceEnd);
                int at = end - (pieceEnd - logical);
                int length = tokenEnd - logical;
                yield return new(tokenKind, from.Text, from.Span(at, at + length));
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

    // The escape character, alone, then blanks at most; a doubled one ends no line.
    private bool FindContinuation(int start, ref int end, char escape)
    {
        int at = end - 1;
        while (at >= start && source.Text[at] is ' ' or '\t') at--;
        if (at < start || source.Text[at] != escape || (at > start && source.Text[at - 1] == escape)) return false;
        end = at;
        return true;
    }
}
