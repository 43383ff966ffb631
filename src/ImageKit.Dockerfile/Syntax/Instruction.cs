using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>One instruction of a Dockerfile. A closed family: match on the derived records.</summary>
/// <remarks>The collections compare by reference, so two instructions are equal only if they are the same one.</remarks>
public abstract record Instruction
{
    private protected Instruction(InstructionSource source)
    {
        Keyword = source.Keyword;
        Span = source.Span;
        Text = source.Text;
        Flags = source.Flags;
        Heredocs = source.Heredocs;
        Comments = source.Comments;
        SkippedChecks = source.SkippedChecks;
    }

    /// <summary>The name as written.</summary>
    public Word Keyword { get; }

    /// <summary>The name in upper case.</summary>
    public string Name => Keyword.Text.ToUpperInvariant();

    /// <summary>From the name to the end of the last argument or heredoc, without the last line end.</summary>
    public SourceSpan Span { get; }

    /// <summary>Name, flags and arguments in one line, continuations joined; without heredoc bodies.</summary>
    public string Text { get; }

    /// <summary>The flags in order, known or not.</summary>
    public ImmutableArray<Flag> Flags { get; }

    /// <summary>The heredocs in order; only COPY, ADD, RUN and ONBUILD of these have any.</summary>
    public ImmutableArray<Heredoc> Heredocs { get; }

    /// <summary>The block of comment lines directly above, without <c>#</c> and trimmed.</summary>
    public ImmutableArray<Word> Comments { get; }

    /// <summary>Names of the checks that <c># check=skip=…</c> directly above turns off for this instruction; <c>all</c> for every one.</summary>
    public ImmutableArray<string> SkippedChecks { get; }
}

/// <summary>An instruction that cannot be understood; a diagnostic says why. It keeps the tree complete.</summary>
public sealed record InvalidInstruction : Instruction
{
    internal InvalidInstruction(InstructionSource source)
        : base(source)
    {
    }
}
