using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>containerd's `hosts.toml`, one for each registry; docker's containerd store reads it too.</summary>
/// <remarks>
/// An address is a URL; its path is put before `/v2`, or with `override_path` in its place. Mirrors are told in `?ns=` which registry is meant.
/// A host without `capabilities` may do everything; ImageKit still pushes to none of them.
/// </remarks>
/// <seealso href="https://github.com/containerd/containerd/blob/v2.1.0/docs/hosts.md"/>
public sealed record HostsToml : IMirrorSource
{
    /// <inheritdoc/>
    public string Format => "hosts.toml";

    /// <summary>The registry that the file is for, as its folder is named: `docker.io`, `host:port`; empty for every registry without a folder of its own.</summary>
    public string Registry { get; init; } = "";

    /// <summary>The hosts, in the order of the file.</summary>
    public ImmutableArray<ConfiguredEndpoint> Endpoints { get; init; } = [];

    /// <summary>Where the registry itself is; null for the host of the name.</summary>
    public ConfiguredEndpoint? Server { get; init; }

    /// <inheritdoc/>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<MirrorRule> Rules { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<HostRule> Hosts { get; init; } = [];

    /// <summary>Reads the text of a file; what is wrong is in <see cref="Diagnostics"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="registry">The registry that it is for; empty for every one.</param>
    /// <param name="file">The name for messages; files named in it are relative to its folder.</param>
    public static HostsToml Parse(string text, string registry = "", string file = "hosts.toml")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(registry);
        return new HostsTomlReader(registry, file).Read(text);
    }

    /// <summary>The registry that a folder is for: `host`, `host_port_`, `host:port` or `_default`; empty for the last.</summary>
    public static string RegistryOfFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (folder == "_default") return "";
        if (!folder.EndsWith('_')) return folder;
        int before = folder.LastIndexOf('_', folder.Length - 2);
        return before > 0 ? $"{folder[..before]}:{folder[(before + 1)..^1]}" : folder;
    }
}
