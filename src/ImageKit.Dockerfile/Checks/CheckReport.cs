using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What the checks found.</summary>
/// <param name="Diagnostics">The violations by position, as warnings.</param>
/// <param name="FailsBuild">Whether the file asks that a build with violations fails (<c># check=error=true</c>), and there are some.</param>
public sealed record CheckReport(ImmutableArray<Diagnostic> Diagnostics, bool FailsBuild)
{
    /// <summary>The message of the failed build, in BuildKit's words; null if it does not fail.</summary>
    public string? Failure => FailsBuild
        ? "lint violation found for rules: " + string.Join(", ", Diagnostics.Select(found => found.Rule).Distinct().Order(StringComparer.Ordinal))
        : null;
}
