using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>What a client knows of one registry: where it is, and whether it speaks TLS.</summary>
internal sealed class RegistryEndpoint(RegistryHost host, ImmutableArray<string> insecureHosts)
{
    private volatile bool _plain;

    public RegistryHost Host => host;

    /// <summary>Whether requests without TLS are allowed: this machine, and hosts that the user named.</summary>
    public bool MayBePlain { get; } = host.IsLoopback || insecureHosts.Any(name => RegistryHost.TryParse(name, out RegistryHost other) && IsNamed(other, host));

    /// <summary>Whether it turned out to speak no TLS. May only be set if <see cref="MayBePlain"/>.</summary>
    public bool IsPlain { get => _plain; set => _plain = value; }

    /// <summary>Whether HEAD of a manifest is of no use here, learnt from a refusal.</summary>
    public bool RefusesHead { get; set; }

    /// <summary>The root of the registry.</summary>
    public Uri Root => new($"{(_plain ? "http" : "https")}://{host.Authority}/");

    // A name without a port stands for every port of the host.
    private static bool IsNamed(RegistryHost named, RegistryHost host) =>
        named == host || named.Name == new Uri($"https://{host.Authority}").Host;
}
