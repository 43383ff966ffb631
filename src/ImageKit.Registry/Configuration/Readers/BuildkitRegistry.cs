using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>A `[registry."host"]` of buildkitd.toml.</summary>
public sealed record BuildkitRegistry
{
    /// <summary>The registry as names write it.</summary>
    public required string Host { get; init; }

    /// <summary>The mirrors, in the order of the file, without how they are secured.</summary>
    public ImmutableArray<ConfiguredEndpoint> Mirrors { get; init; } = [];

    /// <summary>Whether it speaks no TLS; null if the file does not say.</summary>
    public bool? PlainHttp { get; init; }

    /// <summary>Whether a certificate that cannot be verified is taken; null if the file does not say.</summary>
    public bool? Insecure { get; init; }

    /// <summary>How it is secured.</summary>
    public EndpointTls Tls { get; init; } = EndpointTls.Standard;

    /// <summary>Where it was written.</summary>
    public ConfigurationPlace Place { get; init; }
}
