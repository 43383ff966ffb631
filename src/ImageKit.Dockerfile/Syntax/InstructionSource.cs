using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What every instruction has in common before its arguments are understood.</summary>
internal sealed record InstructionSource
{
    public required Word Keyword { get; init; }

    public required SourceSpan Span { get; init; }

    public required string Text { get; init; }

    public ImmutableArray<Flag> Flags { get; init; } = [];

    public ImmutableArray<Heredoc> Heredocs { get; init; } = [];

    public ImmutableArray<Word> Comments { get; init; } = [];

    public ImmutableArray<string> SkippedChecks { get; init; } = [];
}
