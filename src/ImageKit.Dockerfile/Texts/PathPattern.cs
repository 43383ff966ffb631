namespace ImageKit.Dockerfile;

/// <summary>A source of COPY or ADD with wildcards: Go's <c>filepath.Match</c>, part by part, so no wildcard matches a <c>/</c>.</summary>
public sealed class PathPattern
{
    private PathPattern()
    {
    }

    /// <summary>Whether a path has any of <c>* ? [ \</c>, so that it is a pattern.</summary>
    /// <param name="path">The path.</param>
    public static bool HasWildcards(string path) => path.AsSpan().IndexOfAny("*?[\\") >= 0;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern, parts separated by <c>/</c>.</param>
    /// <param name="pattern">The pattern; null if it is malformed.</param>
    /// <returns>Whether it is well formed.</returns>
    public static bool TryParse(string text, out PathPattern? pattern) => throw new NotImplementedException();

    /// <summary>Whether the whole path matches.</summary>
    /// <param name="path">The path, parts separated by <c>/</c>.</param>
    public bool IsMatch(ReadOnlySpan<char> path) => throw new NotImplementedException();
}
