using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What the parsers of the single instructions work on.</summary>
internal sealed record InstructionContext
{
    public required InstructionHeader Header { get; init; }

    public required ImmutableArray<Heredoc> Heredocs { get; init; }

    public required ImmutableArray<Word> Comments { get; init; }

    public required char Escape { get; init; }

    public required List<Diagnostic> Diagnostics { get; init; }

    /// <summary>Whether an error was found in this instruction.</summary>
    public bool Failed { get; private set; }

    public string Name => Header.Name;

    public LineRange Arguments => Header.Arguments;

    public InstructionSource ToSource()
    {
        LineRange range = Header.Range;
        return new(Header.Name, range.Line.Text, range.Start, range.End - range.Start, WholeSpan(), Extras());
    }

    public void Error(Diagnostic diagnostic)
    {
        Failed = true;
        Diagnostics.Add(diagnostic);
    }

    /// <summary>Reports wrong arguments, at the arguments or, if there are none, at the name.</summary>
    public void ArgumentError(string message, string? mend = null) =>
        Error(Faults.Arguments(Arguments.IsEmpty ? Header.Keyword.Span : Arguments.Span, message, mend));

    private InstructionExtras? Extras()
    {
        SourceSpan keyword = Header.Keyword.Span;
        bool isBroken = keyword.Length != Header.Name.Length;
        if (!isBroken && Header.Flags.IsEmpty && Heredocs.IsEmpty && Comments.IsEmpty) return null;
        return new()
        {
            KeywordSpan = isBroken ? keyword : null,
            Flags = Header.Flags,
            Heredocs = Heredocs,
            Comments = Comments,
            SkippedChecks = InlineCheckSkip.Read(Comments),
        };
    }

    private SourceSpan WholeSpan()
    {
        SourceSpan span = Header.Range.Span;
        return Heredocs.IsEmpty ? span : span with { Length = EndOfLastHeredoc() - span.Start };
    }

    private int EndOfLastHeredoc()
    {
        SourceText source = Header.Range.Line.Source;
        int end = Heredocs[^1].BodySpan.End;
        int lineEnd = source.Text.IndexOf('\n', Math.Min(end, source.Text.Length));
        return lineEnd < 0 ? source.Text.Length : lineEnd > end && source.Text[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    }
}
