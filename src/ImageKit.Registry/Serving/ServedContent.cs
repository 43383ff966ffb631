using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ImageKit.Registry;

/// <summary>What a registry holds, in memory.</summary>
internal sealed class ServedContent
{
    private readonly ConcurrentDictionary<string, ServedRepository> _repositories = new(StringComparer.Ordinal);

    /// <summary>The names of the repositories that hold something, sorted.</summary>
    public IReadOnlyList<string> Names => [.. from pair in _repositories where !pair.Value.IsEmpty orderby pair.Key select pair.Key];

    /// <summary>Repositories come into being when something is written to them.</summary>
    public ServedRepository Open(string name) => _repositories.GetOrAdd(name, _ => new());

    public bool TryFind(string name, [NotNullWhen(true)] out ServedRepository? repository) => _repositories.TryGetValue(name, out repository);
}
