using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>`registries.conf` of podman, skopeo, buildah and CRI-O, version 2; version 1 is read where it stands alone.</summary>
/// <remarks>
/// An address has no scheme; its path is put behind `/v2`, in the place of the prefix. Pushing ignores the file, but for what it says of TLS.
/// </remarks>
/// <seealso href="https://github.com/containers/image/blob/v5.36.0/docs/containers-registries.conf.5.md"/>
public sealed record RegistriesConf : IMirrorSource
{
    /// <inheritdoc/>
    public string Format => "registries.conf";

    /// <summary>The file's path, or the name that the caller gave.</summary>
    public string File { get; init; } = "registries.conf";

    /// <summary>The registries, in the order of the file.</summary>
    public ImmutableArray<ConfiguredRegistry> Registries { get; init; } = [];

    /// <summary>Where names without a registry are looked for, in this order; `default` if the file does not say.</summary>
    public ImmutableArray<string> UnqualifiedSearchRegistries { get; init; }

    /// <summary>What becomes of names without a registry and without an alias; null if the file does not say, which means <see cref="ShortNameMode.Permissive"/>.</summary>
    public ShortNameMode? ShortNames { get; init; }

    /// <summary>Short names and the repositories that they stand for; an empty one takes an alias of an earlier file away.</summary>
    public ImmutableSortedDictionary<string, string> Aliases { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The programs that keep logins, as named; `default` if the file does not say.</summary>
    public ImmutableArray<string> CredentialHelpers { get; init; }

    /// <inheritdoc/>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<MirrorRule> Rules => [.. Registries.Select(registry => registry.ToRule())];

    /// <inheritdoc/>
    public ImmutableArray<HostRule> Hosts => [];

    /// <summary>Reads the text of a file; what is wrong is in <see cref="Diagnostics"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name for messages.</param>
    /// <param name="isDropIn">Whether it is a file of `registries.conf.d`: those may not be of version 1.</param>
    public static RegistriesConf Parse(string text, string file = "registries.conf", bool isDropIn = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new RegistriesConfReader(file).Read(text, isDropIn);
    }

    /// <summary>This file with a later one on top: registries by prefix, aliases by name, everything else if the later one says it.</summary>
    public RegistriesConf With(RegistriesConf later)
    {
        ArgumentNullException.ThrowIfNull(later);
        HashSet<string> replaced = [.. later.Registries.Select(registry => registry.Prefix)];
        return this with
        {
            Registries = [.. Registries.Where(registry => !replaced.Contains(registry.Prefix)), .. later.Registries],
            UnqualifiedSearchRegistries = later.UnqualifiedSearchRegistries.IsDefault ? UnqualifiedSearchRegistries : later.UnqualifiedSearchRegistries,
            ShortNames = later.ShortNames ?? ShortNames,
            Aliases = Aliases.SetItems(later.Aliases),
            CredentialHelpers = later.CredentialHelpers.IsDefaultOrEmpty ? CredentialHelpers : later.CredentialHelpers,
            Diagnostics = [.. Diagnostics, .. later.Diagnostics],
        };
    }

    /// <summary>The registry with the longest prefix of a repository, or null.</summary>
    public ConfiguredRegistry? Find(ImageReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ConfiguredRegistry? best = null;
        foreach (ConfiguredRegistry registry in Registries)
        {
            if ((best is null || registry.Prefix.Length > best.Prefix.Length) && registry.ToRule().Matches(reference)) best = registry;
        }
        return best;
    }

    /// <summary>
    /// What a name without a registry may mean, the likeliest first: its alias alone if it has one, else one for each search registry. Empty
    /// for a name with a registry. ImageKit itself reads such names as Docker does.
    /// </summary>
    /// <param name="name">`fedora`, `library/fedora:40`, or with a digest.</param>
    public ImmutableArray<ImageReference> Candidates(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        int end = name.IndexOf('@', StringComparison.Ordinal) is >= 0 and int at ? at : name.Length;
        int colon = name.LastIndexOf(':', end - 1);
        int nameEnd = colon > name.LastIndexOf('/', end - 1) ? colon : end;
        string bare = name[..nameEnd], rest = name[nameEnd..];
        if (ShortName.Fault(bare) is not null) return [];
        if (Aliases.TryGetValue(bare, out string? full) && full.Length > 0) return Parsed([full + rest]);
        return Parsed((UnqualifiedSearchRegistries.IsDefault ? [] : UnqualifiedSearchRegistries).Select(registry => $"{registry}/{bare}{rest}"));
    }

    private static ImmutableArray<ImageReference> Parsed(IEnumerable<string> names) =>
        [.. names.Select(name => ImageReference.TryParse(name, out ImageReference? reference) ? reference : null).OfType<ImageReference>()];
}
