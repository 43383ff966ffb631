using System.Diagnostics.CodeAnalysis;

namespace ImageKit.Oci;

/// <summary>
/// Names an image in a registry, read as Docker reads it: `busybox` is `docker.io/library/busybox`. A tag beside a digest is kept.
/// </summary>
/// <remarks>Grammar and normalization of distribution/reference; the name with its host has at most 255 characters, a tag 128.</remarks>
public sealed record ImageReference : ISpanParsable<ImageReference>
{
    /// <summary>Docker Hub as names write it. Requests go to `registry-1.docker.io`, credentials lie under `https://index.docker.io/v1/`.</summary>
    public const string DockerHub = "docker.io";

    internal ImageReference(string registry, string repository, string? tag, Digest? digest) =>
        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>The host and, if given, its port: `docker.io`, `localhost:5000`, `[::1]:5000`.</summary>
    public string Registry { get; }

    /// <summary>The path in the registry: `library/busybox`.</summary>
    public string Repository { get; }

    /// <summary>The tag as given, or null.</summary>
    public string? Tag { get; }

    /// <summary>The digest as given, or null. It decides what is meant where a tag stands beside it.</summary>
    public Digest? Digest { get; }

    /// <summary>The registry and the repository: `docker.io/library/busybox`.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>This reference with the tag `latest` if it has neither tag nor digest, else itself.</summary>
    public ImageReference TagOrLatest => Tag is null && Digest is null ? new(Registry, Repository, "latest", null) : this;

    /// <summary>As users write it: without `docker.io/` and `library/`, with the tag and digest there are.</summary>
    public string Familiar => FamiliarName + Suffix();

    /// <summary>The name without tag or digest as people write it: `busybox`, not `docker.io/library/busybox`.</summary>
    public string FamiliarName
    {
        get
        {
            if (Registry != DockerHub) return Name;
            const string library = "library/";
            bool official = Repository.StartsWith(library, StringComparison.Ordinal) && Repository.IndexOf('/', library.Length) < 0;
            string shorter = official ? Repository[library.Length..] : Repository;
            // `library/localhost` or a user named like a host would be read back as something else: those keep their full name.
            return ReferenceScanner.Scan(shorter, out ImageReference? back) is null && back!.Name == Name ? shorter : Name;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is no reference; the message says why.</exception>
    public static ImageReference Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The text is no reference; the message says why.</exception>
    public static ImageReference Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        ReferenceScanner.Scan(s, out ImageReference? reference) is { } fault ? throw new FormatException($"'{s}' is no image reference: {fault}") : reference!;

    /// <summary>Reads a reference; false if the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, [MaybeNullWhen(false)] out ImageReference result) => TryParse(s.AsSpan(), null, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImageReference result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out ImageReference result) =>
        ReferenceScanner.Scan(s, out result) is null;

    /// <summary>
    /// One key for a registry however it is written: the aliases of Docker Hub (`index.docker.io`, `registry-1.docker.io`,
    /// `https://index.docker.io/v1/`) become `docker.io`; a scheme, a path and capitals go.
    /// </summary>
    public static string CanonicalRegistry(string registry)
    {
        int scheme = registry.IndexOf("://", StringComparison.Ordinal);
        string host = (scheme < 0 ? registry : registry[(scheme + 3)..]).ToLowerInvariant();
        int slash = host.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0) host = host[..slash];
        return host is "index.docker.io" or "registry-1.docker.io" or "registry.hub.docker.com" ? DockerHub : host;
    }

    /// <summary>The same name with another tag and without a digest.</summary>
    /// <exception cref="FormatException">The text is no tag.</exception>
    public ImageReference WithTag(string tag) => ReferenceScanner.TagFault(tag) is { } fault
        ? throw new FormatException($"'{tag}' is no tag: {fault}")
        : new(Registry, Repository, tag, null);

    /// <summary>The same name and tag with a digest.</summary>
    public ImageReference WithDigest(Digest digest) => new(Registry, Repository, Tag, digest);

    /// <summary>The canonical text, with the tag and digest there are: `docker.io/library/busybox:1.36`.</summary>
    public override string ToString() => Name + Suffix();

    private string Suffix() => (Tag is null ? "" : ":" + Tag) + (Digest is { } digest ? "@" + digest : "");
}
