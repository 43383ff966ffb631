using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ImageKit.Dockerfile;

/// <summary>A source of COPY or ADD with wildcards: Go's <c>filepath.Match</c>, part by part, so no wildcard matches a <c>/</c>.</summary>
public sealed class PathPattern
{
    private PathPattern(ImmutableArray<NamePattern> parts) => Parts = parts;

    /// <summary>The patterns of the single names, in order.</summary>
    public ImmutableArray<NamePattern> Parts { get; }

    /// <summary>Whether a path has any of <c>* ? [ \</c>, so that it is a pattern.</summary>
    /// <param name="path">The path.</param>
    public static bool HasWildcards(string path) => path.AsSpan().IndexOfAny("*?[\\") >= 0;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern, names separated by <c>/</c>.</param>
    /// <param name="pattern">The pattern; null if it is malformed.</param>
    /// <returns>Whether it is well formed.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out PathPattern? pattern)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = null;
        ImmutableArray<NamePattern>.Builder parts = ImmutableArray.CreateBuilder<NamePattern>();
        foreach (string name in text.Split('/'))
        {
            if (!NamePattern.TryParse(name, out NamePattern? part)) return false;
            parts.Add(part);
        }

        pattern = new(parts.ToImmutable());
        return true;
    }

    /// <summary>Whether the whole path matches.</summary>
    /// <param name="path">The path, names separated by <c>/</c>.</param>
    public bool IsMatch(ReadOnlySpan<char> path)
    {
        int part = 0;
        foreach (Range name in path.Split('/'))
        {
            if (part == Parts.Length || !Parts[part++].IsMatch(path[name])) return false;
        }

        return part == Parts.Length;
    }
}
