using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Mirrors that a program names itself, in place of a file: `MirrorConfiguration.Of(MirrorList.Of("docker.io", "mirror.example.com/hub"))`.</summary>
public sealed record MirrorList : IMirrorSource
{
    /// <inheritdoc/>
    public string Format => "code";

    /// <inheritdoc/>
    public ImmutableArray<MirrorRule> Rules { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<HostRule> Hosts { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics => [];

    /// <summary>Mirrors of one registry, or of the repositories below a prefix.</summary>
    /// <param name="prefix">`docker.io`, `quay.io/team`, `*.example.com`, or empty for every registry.</param>
    /// <param name="mirrors">
    /// In the order in which they are asked: `host[:port][/path]`, with or without `https://` or `http://`. The path stands behind `/v2` and before
    /// what follows the prefix in a name; `{registry}` in it stands for the registry of the reference.
    /// </param>
    /// <exception cref="ArgumentException">An address names no host, or the prefix is none.</exception>
    public static MirrorList Of(string prefix, params ImmutableArray<string> mirrors)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string host = prefix.Split('/')[0];
        if (prefix.Length > 0 && !(host.StartsWith("*.", StringComparison.Ordinal) ? RegistryHost.TryParse(host[2..], out _) : RegistryHost.TryParse(host, out _)))
            throw new ArgumentException($"'{prefix}' names no registry.", nameof(prefix));
        return new() { Rules = [new() { Prefix = prefix, Mirrors = [.. mirrors.Select(Parse)] }] };
    }

    /// <summary>These mirrors and others; of several rules that fit a name, the one with the longest prefix decides.</summary>
    public MirrorList And(MirrorList other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new() { Rules = Rules.AddRange(other.Rules), Hosts = Hosts.AddRange(other.Hosts) };
    }

    private static ConfiguredEndpoint Parse(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        string? scheme = null;
        string rest = address;
        foreach (string known in new[] { "https", "http" })
        {
            if (!rest.StartsWith(known + "://", StringComparison.OrdinalIgnoreCase)) continue;
            (scheme, rest) = (known, rest[(known.Length + 3)..]);
            break;
        }
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        (string host, string path) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..].Trim('/'));
        if (HostText.Fault(host) is { } fault) throw new ArgumentException($"'{address}' names no host: {fault}", nameof(address));
        return new() { Host = host, Scheme = scheme, Path = path, PathRule = MirrorPathRule.AfterV2 };
    }
}
