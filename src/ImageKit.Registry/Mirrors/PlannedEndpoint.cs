using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>One place where an image is looked for.</summary>
public sealed record PlannedEndpoint
{
    /// <summary>The reference that is looked for.</summary>
    public required ImageReference Reference { get; init; }

    /// <summary>The host as files and logins name it: `docker.io`, `mirror.example.com:5000`.</summary>
    public required string Host { get; init; }

    /// <summary>Whether it stands in for the registry: such a one is only ever read from.</summary>
    public required bool IsMirror { get; init; }

    /// <summary>`https` or `http` where that is said; null for TLS, and without it only where <see cref="EndpointTls.AllowsPlain"/>.</summary>
    public string? Scheme { get; init; }

    /// <summary>The root of the protocol below the host: `/v2/`, `/path/v2/` or `/path/`.</summary>
    public string RootPath { get; init; } = "/v2/";

    /// <summary>The repository as this endpoint is asked for it.</summary>
    public required string Repository { get; init; }

    /// <summary>Where the path of its address went.</summary>
    public MirrorPathRule PathRule { get; init; }

    /// <summary>What it may be asked for; pushing is for the registry itself alone.</summary>
    public EndpointUses Uses { get; init; } = EndpointUses.All;

    /// <summary>How it is secured.</summary>
    public EndpointTls Tls { get; init; } = EndpointTls.Standard;

    /// <summary>Headers sent along.</summary>
    public ImmutableArray<HeaderField> Headers { get; init; } = [];

    /// <summary>How long to wait for a connection; null for the usual time.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>The registry that it is told is meant, in `?ns=`; null if it is not told.</summary>
    public string? Namespace { get; init; }

    /// <summary>Why it is here, for people.</summary>
    public required string Why { get; init; }

    /// <summary>Where that was written; `default` if nowhere.</summary>
    public ConfigurationPlace Place { get; init; }

    /// <summary>Why it is not used, for people; null if it is.</summary>
    public string? Skipped { get; init; }

    /// <summary>Where its login comes from; null until asked for.</summary>
    public string? LoginOrigin { get; init; }

    /// <summary>Whether it is used.</summary>
    public bool IsUsed => Skipped is null;

    /// <summary>The root of the protocol, with a slash at its end. The scheme is `https` where it is not said.</summary>
    public Uri Root => new($"{Scheme ?? "https"}://{Authority}{RootPath}");

    /// <summary>Where the manifest is asked for.</summary>
    public Uri ManifestUrl => new(Root, $"{Repository}/manifests/{Reference.Digest?.ToString() ?? Reference.TagOrLatest.Tag}{(Namespace is null ? "" : $"?ns={Uri.EscapeDataString(Namespace)}")}");

    /// <summary>Where requests go: the host, but for Docker Hub.</summary>
    public string Authority => RegistryHost.TryParse(Host, out RegistryHost host) ? host.Authority : Host;

    /// <summary>The address of the repository.</summary>
    public override string ToString() => $"{Root}{Repository}";
}
