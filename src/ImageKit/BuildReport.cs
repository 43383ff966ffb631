using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ImageKit;

/// <summary>Hands events on, and keeps the warnings for the result.</summary>
internal sealed class BuildReport(IProgress<BuildEvent>? progress) : IProgress<BuildEvent>
{
    private readonly ConcurrentQueue<string> _warnings = new();

    /// <summary>The warnings, in order, each once.</summary>
    public ImmutableArray<string> Warnings => [.. _warnings.Distinct()];

    public void Report(BuildEvent value)
    {
        if (value is Warning warning) _warnings.Enqueue(warning.Message);
        else if (value is DiagnosticFound found) _warnings.Enqueue($"{found.File}:{found.Diagnostic}");
        progress?.Report(value);
    }
}
