using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>An endpoint as a file describes it, before a reference is known.</summary>
public sealed record ConfiguredEndpoint
{
    /// <summary>The host, and its port if given: `mirror.example.com:5000`.</summary>
    public required string Host { get; init; }

    /// <summary>`https` or `http` where the file says which; null for TLS, and without it only where <see cref="EndpointTls.AllowsPlain"/>.</summary>
    public string? Scheme { get; init; }

    /// <summary>The path, without slashes at its ends. `{registry}` in it stands for the registry of the reference.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where the path goes.</summary>
    public MirrorPathRule PathRule { get; init; }

    /// <summary>What it may be asked for.</summary>
    public EndpointUses Uses { get; init; } = EndpointUses.Resolve | EndpointUses.Pull;

    /// <summary>Which references it serves.</summary>
    public MirrorScope Scope { get; init; }

    /// <summary>How it is secured.</summary>
    public EndpointTls Tls { get; init; } = EndpointTls.Standard;

    /// <summary>Headers sent along.</summary>
    public ImmutableArray<HeaderField> Headers { get; init; } = [];

    /// <summary>How long to wait for a connection; null for the usual time.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Whether it is told in `?ns=` which registry is meant, as containerd does with proxies.</summary>
    public bool SendsNamespace { get; init; }

    /// <summary>Where it was written.</summary>
    public ConfigurationPlace Place { get; init; }

    /// <summary>As written in a location: host and path.</summary>
    public string Location => Path.Length == 0 ? Host : $"{Host}/{Path}";
}
