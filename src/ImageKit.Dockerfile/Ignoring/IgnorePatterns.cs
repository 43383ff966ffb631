using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The patterns of a <c>.dockerignore</c>. Immutable; may be used by many threads at once.</summary>
public sealed class IgnorePatterns
{
    private IgnorePatterns()
    {
    }

    /// <summary>No patterns: nothing is ignored.</summary>
    public static IgnorePatterns None { get; } = Parse("");

    /// <summary>Malformed patterns; they match nothing, and the build must not go on.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; private init; } = [];

    /// <summary>Whether there is no pattern at all.</summary>
    public bool IsEmpty { get; private init; }

    /// <summary>Reads an ignore file.</summary>
    /// <param name="text">The file, with or without a byte order mark.</param>
    public static IgnorePatterns Parse(string text) => throw new NotImplementedException();

    /// <summary>Whether a path is ignored. The last pattern that matches it or one of its parents decides.</summary>
    /// <param name="path">Path relative to the context's root, parts separated by <c>/</c>, without <c>.</c>, <c>..</c> and a slash at either end.</param>
    /// <param name="isDirectory">Whether the path is a directory; patterns match files and directories alike.</param>
    public bool IsIgnored(string path, bool isDirectory) => throw new NotImplementedException();

    /// <summary>Whether a directory need not be entered: it is ignored and no pattern can bring back anything below it.</summary>
    /// <param name="path">Path of the directory, as for <see cref="IsIgnored"/>.</param>
    public bool CanSkipDirectory(string path) => throw new NotImplementedException();
}
