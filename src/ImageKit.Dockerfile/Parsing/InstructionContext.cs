using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What the parsers of the single instructions work on. One object serves for all instructions of a file.</summary>
internal sealed record InstructionContext
{
    public InstructionHeader Header { get; private set; }

    public ImmutableArray<Heredoc> Heredocs { get; private set; }

    public ImmutableArray<Word> Comments { get; private set; }

    /// <summary>A list for the words of one instruction.</summary>
    public required List<LineRange> Words { get; init; }

    public char Escape => Header.Range.Line.Source.Escape;

    public required FaultList Diagnostics { get; init; }

    /// <summary>Whether an error was found in this instruction.</summary>
    public bool Failed { get; private set; }

    public string Name => Header.Name;

    public LineRange Arguments => Header.Arguments;

    /// <summary>Turns to another instruction.</summary>
    public void Begin(InstructionHeader header, ImmutableArray<Heredoc> heredocs, ImmutableArray<Word> comments)
    {
        Header = header;
        Heredocs = heredocs;
        Comments = comments;
        Failed = false;
    }

    /// <summary>The same for the instruction in an ONBUILD.</summary>
    public InstructionContext OfTrigger(InstructionHeader header) => this with { Header = header, Comments = [], Failed = false };

    public InstructionSource ToSource()
    {
        return new(Header.Name, Header.Range, Header.Arguments.Start, Header.Json == JsonForm.Strings, Extras());
    }

    public void Error(Diagnostic diagnostic)
    {
        Failed = true;
        Diagnostics.Add(diagnostic);
    }

    /// <summary>Reports a fault whose message is costly to make; where nobody will read it, it is not made.</summary>
    public void Error(SourceSpan at, Func<InstructionContext, Diagnostic> fault)
    {
        if (!Diagnostics.IsFull)
        {
            Error(fault(this));
            return;
        }

        Failed = true;
        Diagnostics.LeaveOut(at, isError: true);
    }

    /// <summary>Reports wrong arguments, at the arguments or, if there are none, at the name.</summary>
    public void ArgumentError(string message, string? mend = null)
    {
        SourceSpan at = Arguments.IsEmpty ? Header.Keyword.Span : Arguments.Span;
        if (!Diagnostics.IsFull)
        {
            Error(Faults.Arguments(at, message, mend));
            return;
        }

        Failed = true;
        Diagnostics.LeaveOut(at, isError: true);
    }

    private InstructionExtras? Extras()
    {
        SourceSpan keyword = Header.Keyword.Span;
        bool isBroken = keyword.Length != Header.Name.Length;
        if (!isBroken && Header.Flags.IsEmpty && Heredocs.IsEmpty && Comments.IsEmpty) return null;
        return new()
        {
            KeywordSpan = isBroken ? keyword : null,
            Span = Heredocs.IsEmpty ? null : WholeSpan(),
            Flags = Header.Flags,
            Heredocs = Heredocs,
            Comments = Comments,
            SkippedChecks = InlineCheckSkip.Read(Comments),
        };
    }

    private SourceSpan WholeSpan()
    {
        SourceSpan span = Header.Range.Span;
        return span with { Length = EndOfLastHeredoc() - span.Start };
    }

    private int EndOfLastHeredoc()
    {
        SourceText source = Header.Range.Line.Source;
        int end = Heredocs[^1].BodySpan.End;
        int lineEnd = source.Text.IndexOf('\n', Math.Min(end, source.Text.Length));
        return lineEnd < 0 ? source.Text.Length : lineEnd > end && source.Text[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    }
}
