using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What every instruction has in common before its arguments are understood.</summary>
/// <param name="Name">The name in upper case.</param>
/// <param name="Range">The instruction's line.</param>
/// <param name="ArgumentStart">Where its arguments begin; they end where the line does.</param>
/// <param name="IsJson">Whether the arguments are a JSON array of strings.</param>
/// <param name="Extras">What few instructions have; null for the others.</param>
internal readonly record struct InstructionSource(
    string Name, LineRange Range, int ArgumentStart, bool IsJson, InstructionExtras? Extras);

/// <summary>What few instructions have.</summary>
internal sealed record InstructionExtras
{
    /// <summary>Where the name stands, if its letters are not side by side.</summary>
    public SourceSpan? KeywordSpan { get; init; }

    /// <summary>From the name to the end of the last heredoc; null without heredocs.</summary>
    public SourceSpan? Span { get; init; }

    public ImmutableArray<Flag> Flags { get; init; } = [];

    public ImmutableArray<Heredoc> Heredocs { get; init; } = [];

    public ImmutableArray<Word> Comments { get; init; } = [];

    public ImmutableArray<string> SkippedChecks { get; init; } = [];
}
