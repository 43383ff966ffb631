using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What an expansion gave.</summary>
public sealed record ExpansionResult
{
    internal ExpansionResult()
    {
    }

    /// <summary>The expanded text; empty if there is an <see cref="Error"/>.</summary>
    public required string Text { get; init; }

    /// <summary>The expanded text split into words; empty if there is an <see cref="Error"/>.</summary>
    public required ImmutableArray<string> Words { get; init; }

    /// <summary>What is wrong with the text, in BuildKit's words; null if nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>Names of the variables that were used and set, in order of first use.</summary>
    public required ImmutableArray<string> Used { get; init; }

    /// <summary>Names of the variables that were used and not set, in order of first use.</summary>
    public required ImmutableArray<string> Undefined { get; init; }

    /// <summary>Of <see cref="Undefined"/> those that are used anywhere without <c>-</c>, <c>+</c> or <c>?</c> to provide for it.</summary>
    public required ImmutableArray<string> Unguarded { get; init; }
}
