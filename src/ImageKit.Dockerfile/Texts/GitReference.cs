using System.Diagnostics.CodeAnalysis;

namespace ImageKit.Dockerfile;

/// <summary>A git repository as ADD and build contexts name it: <c>https://h/r.git#ref:directory</c>, <c>git@h:r.git?branch=b</c>.</summary>
public sealed record GitReference
{
    internal GitReference()
    {
    }

    /// <summary>What to hand to git: the URL without query and fragment. Without a scheme if <see cref="LooksLocal"/>.</summary>
    public required string Remote { get; init; }

    /// <summary>The last name of the path, without <c>.git</c>.</summary>
    public required string ShortName { get; init; }

    /// <summary>Branch, tag or commit; null for the default branch. A commit given alone stands here too.</summary>
    public string? Ref { get; init; }

    /// <summary>Hexadecimal commit, whole or its beginning, that <see cref="Ref"/> must lead to; null for any.</summary>
    public string? Checksum { get; init; }

    /// <summary>Directory inside the repository; null for its root.</summary>
    public string? Subdirectory { get; init; }

    /// <summary>Whether <c>.git</c> is kept; null if not said.</summary>
    public bool? KeepGitDirectory { get; init; }

    /// <summary>Whether submodules are fetched; null if not said.</summary>
    public bool? Submodules { get; init; }

    /// <summary>Whether files get the time of the commit (<c>mtime=commit</c>) and not that of the checkout.</summary>
    public bool UsesCommitTime { get; init; }

    /// <summary>Whether the commit is fetched itself, without its branch; null if not said.</summary>
    public bool? FetchByCommit { get; init; }

    /// <summary>Whether the text could be a local path (<c>github.com/a/b</c>); only build contexts may be written so.</summary>
    public bool LooksLocal { get; init; }

    /// <summary>Whether the repository is read without encryption (<c>http</c>, <c>git</c>).</summary>
    public bool IsUnencrypted { get; init; }

    /// <summary>Reads a reference.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The reference; or an error if it is one and its query is faulty; or neither if the text is no git reference.</returns>
    public static GitReferenceResult TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (GitUrl.Parse(text) is not { } url) return new(null, null);
        GitReference reference = new()
        {
            Remote = url.Remote,
            ShortName = ShortNameOf(url.Remote),
            Ref = NullIfEmpty(url.Fragment.Split(':', 2)[0]),
            Subdirectory = url.Fragment.Split(':', 2) is [_, { Length: > 0 } directory] ? directory : null,
            LooksLocal = url.LooksLocal,
            IsUnencrypted = url.Scheme is "http" or "git",
        };
        return GitQuery.Apply(reference, url.Query, out string? error) is { } complete ? new(complete, null) : new(null, error);
    }

    private static string ShortNameOf(string remote)
    {
        string name = remote[(remote.LastIndexOfAny(['/', ':']) + 1)..];
        return name.EndsWith(".git", StringComparison.Ordinal) ? name[..^4] : name;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

/// <summary>What <see cref="GitReference.TryParse"/> found.</summary>
/// <param name="Reference">The reference; null if there is none, or if it is faulty.</param>
/// <param name="Error">What is wrong with it, in BuildKit's words; null if nothing is, or if the text is no git reference at all.</param>
public sealed record GitReferenceResult(GitReference? Reference, string? Error)
{
    /// <summary>Whether the text is a good git reference.</summary>
    [MemberNotNullWhen(true, nameof(Reference))]
    public bool IsGood => Reference is not null;
}
