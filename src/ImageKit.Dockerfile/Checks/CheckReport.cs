using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What the checks found.</summary>
/// <param name="Diagnostics">The violations by position: warnings, or errors where <see cref="CheckOptions.Strict"/> made them so.</param>
/// <param name="IsErrorMode">Whether the file asks that a build with violations fails (<c># check=error=true</c>).</param>
public sealed record CheckReport(ImmutableArray<Diagnostic> Diagnostics, bool IsErrorMode)
{
    /// <summary>Whether a build has to fail: there are violations, and either the file asks for it or one of them is an error.</summary>
    public bool FailsBuild => Failing.Any();

    /// <summary>The message of the failed build, in BuildKit's words; null if no violation makes it fail.</summary>
    public string? Failure => Failing.Any(found => found.Rule is not null)
        ? "lint violation found for rules: " + string.Join(", ", Failing.Select(found => found.Rule).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        : null;

    private IEnumerable<Diagnostic> Failing => Diagnostics.Where(found => IsErrorMode || found.Severity == Severity.Error);
}
