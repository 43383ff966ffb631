using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A value of <c>RUN --mount</c>, as written. <see cref="Resolve"/> gives its meaning once variables are known.</summary>
/// <param name="Fields">The fields in order.</param>
/// <param name="Span">The value.</param>
public sealed record MountFlag(ImmutableArray<MountField> Fields, SourceSpan Span)
{
    /// <summary>Value of <c>from</c> (a stage, its number, a named context or an image), which no variable can change; null without it.</summary>
    public Word? From => Fields.LastOrDefault(part => part.Key.Text.Equals("from", StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>Expands the values and checks them.</summary>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    /// <param name="escape">The escape character of the file.</param>
    /// <returns>The mount, or what is wrong with it.</returns>
    public MountResolution Resolve(Func<string, string?> lookup, char escape) => MountParser.Resolve(this, lookup, escape);
}

/// <summary>One field of <c>RUN --mount</c>: <c>key=value</c> or a bare <c>key</c>.</summary>
/// <param name="Key">The key as written; keys are compared without case.</param>
/// <param name="Value">The value, to be expanded; null for a bare key.</param>
public readonly record struct MountField(Word Key, Word? Value);

/// <summary>What <see cref="MountFlag.Resolve"/> found.</summary>
/// <param name="Mount">The mount; null if there is an error.</param>
/// <param name="Diagnostics">What is wrong.</param>
public sealed record MountResolution(RunMount? Mount, ImmutableArray<Diagnostic> Diagnostics);
