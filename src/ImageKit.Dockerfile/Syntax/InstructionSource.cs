using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What every instruction has in common before its arguments are understood.</summary>
/// <param name="Name">The name in upper case.</param>
/// <param name="Whole">The text that holds the instruction's line: the file, or the line alone if it is continued.</param>
/// <param name="Start">Where the line begins in <paramref name="Whole"/>.</param>
/// <param name="Length">Its length.</param>
/// <param name="Span">From the name to the end of the last argument or heredoc.</param>
/// <param name="Extras">What few instructions have; null for the others.</param>
internal readonly record struct InstructionSource(string Name, string Whole, int Start, int Length, SourceSpan Span, InstructionExtras? Extras);

/// <summary>What few instructions have.</summary>
internal sealed record InstructionExtras
{
    /// <summary>Where the name stands, if its letters are not side by side.</summary>
    public SourceSpan? KeywordSpan { get; init; }

    public ImmutableArray<Flag> Flags { get; init; } = [];

    public ImmutableArray<Heredoc> Heredocs { get; init; } = [];

    public ImmutableArray<Word> Comments { get; init; } = [];

    public ImmutableArray<string> SkippedChecks { get; init; } = [];
}
