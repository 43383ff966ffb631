using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The patterns of a <c>.dockerignore</c>. May be used by many threads at once.</summary>
public sealed class IgnorePatterns
{
    // BuildKit fails at longer ones too.
    private const int MaxLineLength = 65535;

    private readonly IgnoreAutomaton _automaton;

    private IgnorePatterns(ImmutableArray<IgnorePattern> patterns, ImmutableArray<Diagnostic> diagnostics)
    {
        Diagnostics = diagnostics;
        IsEmpty = patterns.IsEmpty;
        HasExceptions = patterns.Any(pattern => pattern.IsException);
        _automaton = new(patterns);
    }

    /// <summary>No patterns: nothing is ignored.</summary>
    public static IgnorePatterns None { get; } = new([], []);

    /// <summary>Malformed patterns; they match nothing, and a build must not go on.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Whether there is no pattern at all.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether a pattern brings something back (<c>!x</c>).</summary>
    internal bool HasExceptions { get; }

    /// <summary>How many characters of paths so far were not answered by a look into a table; what tests count instead of time.</summary>
    internal long SlowSteps => _automaton.SlowSteps;

    /// <summary>Reads an ignore file.</summary>
    /// <param name="text">The file, with or without a byte order mark.</param>
    public static IgnorePatterns Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        SourceText source = new(text);
        ImmutableArray<IgnorePattern>.Builder patterns = ImmutableArray.CreateBuilder<IgnorePattern>();
        ImmutableArray<Diagnostic>.Builder diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        for (int i = 0; i < source.LineCount; i++)
        {
            SourceLine line = source.Line(i);
            int start = line.Start == 0 && text is ['\uFEFF', ..] ? 1 : line.Start;
            if (line.ContentEnd - start > MaxLineLength)
            {
                string tooLong = $"a line is longer than {MaxLineLength} characters";
                diagnostics.Add(new("IK3022", Severity.Error, source.Span(start, line.ContentEnd), tooLong, "No path is that long: correct or remove the pattern."));
                continue;
            }

            string content = text[start..line.ContentEnd];
            // Only a '#' in the first column makes a comment.
            if (content is ['#', ..] || string.IsNullOrWhiteSpace(content)) continue;
            if (IgnorePattern.TryParse(content, out string? error) is { } pattern) patterns.Add(pattern);
            else diagnostics.Add(new("IK3022", Severity.Error, source.Span(start, line.ContentEnd), error!, "Correct or remove the pattern."));
        }

        return new(patterns.ToImmutable(), diagnostics.ToImmutable());
    }

    /// <summary>The patterns of one flag, as <c>COPY --exclude</c> gives them.</summary>
    /// <param name="patterns">The patterns; a leading <c>#</c> is no comment here.</param>
    public static IgnorePatterns Of(IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        ImmutableArray<IgnorePattern>.Builder good = ImmutableArray.CreateBuilder<IgnorePattern>();
        ImmutableArray<Diagnostic>.Builder diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (string text in patterns)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (IgnorePattern.TryParse(text, out string? error) is { } pattern) good.Add(pattern);
            else diagnostics.Add(new("IK3022", Severity.Error, default, error!, $"Correct or remove the pattern '{text}'."));
        }

        return new(good.ToImmutable(), diagnostics.ToImmutable());
    }

    /// <summary>Whether a path is ignored. The last pattern that matches it or one of its parents decides.</summary>
    /// <param name="path">Path relative to the context's root, names separated by <c>/</c>, without <c>.</c>, <c>..</c> and a slash before it; one behind it means nothing.</param>
    /// <param name="isDirectory">Whether the path is a directory; patterns match files and directories alike.</param>
    public bool IsIgnored(string path, bool isDirectory)
    {
        ArgumentNullException.ThrowIfNull(path);
        _ = isDirectory; // BuildKit's patterns cannot tell directories from files; a trailing slash means nothing
        // BuildKit does not let the context itself be ignored.
        return !IsEmpty && path is not ("." or "") && _automaton.Match(WithoutSlash(path)).IsIgnored;
    }

    /// <summary>Whether a directory need not be entered: it is ignored and no pattern can bring back anything below it.</summary>
    /// <param name="path">Path of the directory, as for <see cref="IsIgnored"/>.</param>
    public bool CanSkipDirectory(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (IsEmpty) return false;
        path = WithoutSlash(path);
        IgnoreMatch match = _automaton.Match(path);
        return match.IsIgnored && _automaton.LastLiveException(path) < match.Pattern;
    }

    private static string WithoutSlash(string path) => path is [_, .., '/'] ? path.TrimEnd('/') : path;
}
