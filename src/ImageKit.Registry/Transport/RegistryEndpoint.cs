using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What a client knows of one registry or mirror: where it is, how it is secured, and whether it speaks TLS.</summary>
internal sealed class RegistryEndpoint
{
    private readonly EndpointKey _key;
    private volatile bool _plain;

    public RegistryEndpoint(EndpointKey key, RegistryOptions options)
    {
        _key = key;
        _plain = key.Scheme == "http";
        MayBePlain = _plain || (key.Scheme is null && (key.Host.IsLoopback || key.Tls.AllowsPlain
            || options.InsecureHosts.Any(name => RegistryHost.TryParse(name, out RegistryHost other) && IsNamed(other, key.Host))));
        Pace = new(options.MaxConnectionsPerHost, options.Time);
        RegistryTimeouts limits = options.Timeouts;
        Timeouts = limits with
        {
            Connect = key.ConnectTimeout ?? (key.IsMirror ? Shorter(limits.Connect, limits.MirrorConnect) : limits.Connect),
            Header = key.IsMirror ? Shorter(limits.Header, limits.MirrorHeader) : limits.Header,
        };
        Headers = [.. key.Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1]))];
    }

    public RegistryHost Host => _key.Host;

    /// <summary>Whether it stands in for another: then it is only ever read from.</summary>
    public bool IsMirror => _key.IsMirror;

    /// <summary>How it is secured.</summary>
    public EndpointTls Tls => _key.Tls;

    /// <summary>How long to wait for it.</summary>
    public RegistryTimeouts Timeouts { get; }

    /// <summary>Headers sent to it, and to nobody else.</summary>
    public ImmutableArray<(string Name, string Value)> Headers { get; }

    /// <summary>Whether requests without TLS are allowed: this machine, and hosts that the user named.</summary>
    public bool MayBePlain { get; }

    /// <summary>Whether it turned out to speak no TLS. May only be set if <see cref="MayBePlain"/>.</summary>
    public bool IsPlain { get => _plain; set => _plain = value; }

    /// <summary>Whether a proxy answered for another registry than it was asked for.</summary>
    public bool TellsOfOthers { get; set; }

    /// <summary>Whether HEAD of a manifest is of no use here, learnt from a refusal.</summary>
    public bool RefusesHead { get; set; }

    /// <summary>Whether it takes no mount without a repository to mount from, learnt from a refusal.</summary>
    public bool RefusesOpenMount { get; set; }

    /// <summary>Whether it takes a blob with the request that opens its upload, learnt from an answer; null as long as that is not known.</summary>
    public bool? TakesWholePosts { get; set; }

    /// <summary>Whether it takes several tags with one manifest, learnt from an answer; null as long as that is not known.</summary>
    public bool? TakesTags { get; set; }

    /// <summary>Lets one writer of this process at a time change a list of referrers, by subject.</summary>
    public KeyedGate ReferrerGate { get; } = new();

    /// <summary>How fast it is asked.</summary>
    public HostPace Pace { get; }

    /// <summary>How many pulls it allows, as it told last.</summary>
    public RateLimit? RateLimit { get; set; }

    /// <summary>The root of the registry.</summary>
    public Uri Root => new($"{(_plain ? "http" : "https")}://{Host.Authority}/");

    /// <summary>How to connect to a URL that this endpoint, or a server that it named, is asked at.</summary>
    public ConnectionSettings SettingsFor(Uri url)
    {
        bool ours = url.IdnHost.Equals(Root.IdnHost, StringComparison.OrdinalIgnoreCase);
        // A private authority often signs a registry's token server and storage too; nothing else of ours is for them.
        return new(Tls.Authorities, ours ? Tls.Clients : [], ours && Tls.SkipsVerification, ours ? Timeouts.Connect : null) { NamedBy = ours ? null : Root.IdnHost };
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // A name without a port stands for every port of the host.
    private static bool IsNamed(RegistryHost named, RegistryHost host) =>
        named == host || named.Name == new Uri($"https://{host.Authority}").Host;
}
