using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>A public accelerator under a name, as data.</summary>
public sealed record MirrorPreset
{
    /// <summary>The name by which files call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, for people.</summary>
    public required string Title { get; init; }

    /// <summary>Where its operators describe it; may be empty.</summary>
    public string Homepage { get => field ?? ""; init; }

    /// <summary>The host and path for every registry; `{registry}` in it stands for the registry's name. Empty if only <see cref="Registries"/> are served.</summary>
    public string Any { get => field ?? ""; init; }

    /// <summary>The host and path for one registry or prefix; `{account}` in it stands for what the user has to name.</summary>
    public ImmutableSortedDictionary<string, string> Registries { get => field ?? ImmutableSortedDictionary<string, string>.Empty; init; } // the generated reader sets null what the JSON leaves out

    /// <summary>What to know before using it; may be empty.</summary>
    public string Note { get => field ?? ""; init; }

    /// <summary>Whether it wants an account's name.</summary>
    public bool NeedsAccount => Any.Contains("{account}", StringComparison.Ordinal) || Registries.Values.Any(address => address.Contains("{account}", StringComparison.Ordinal));

    /// <summary>The endpoint for a prefix, or why there is none.</summary>
    internal (ConfiguredEndpoint? Endpoint, string Fault) For(string prefix, string? account)
    {
        string? address = Registries.TryGetValue(prefix, out string? own) ? own : Any.Length > 0 ? Any : null;
        if (address is null) return (null, $"it serves {string.Join(", ", Registries.Keys)}.");
        if (address.Contains("{account}", StringComparison.Ordinal))
        {
            if (string.IsNullOrEmpty(account)) return (null, "it needs 'account'.");
            address = address.Replace("{account}", account, StringComparison.Ordinal);
        }
        int slash = address.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? address : address[..slash];
        return HostText.Fault(host) is { } fault ? (null, $"'{host}' is no host: {fault}.") : (new() { Host = host, Path = Path(prefix, slash < 0 ? "" : address[(slash + 1)..]) }, "");
    }

    // The prefix is replaced: what of it is more than the registry belongs behind the registry's place in the path.
    private static string Path(string prefix, string path)
    {
        int slash = prefix.IndexOf('/', StringComparison.Ordinal);
        return path.EndsWith("{registry}", StringComparison.Ordinal) && slash > 0 ? path + prefix[slash..] : path;
    }
}
