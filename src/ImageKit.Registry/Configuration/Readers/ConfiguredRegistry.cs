using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>A `[[registry]]` of registries.conf.</summary>
public sealed record ConfiguredRegistry
{
    /// <summary>Which names it is for: `host[:port]`, with a path if given, or `*.example.com`.</summary>
    public required string Prefix { get; init; }

    /// <summary>What stands in the prefix's place; empty with a prefix of the form `*.example.com`: the name stays.</summary>
    public string Location { get; init; } = "";

    /// <summary>Whether it may be used without TLS or with a certificate that cannot be verified.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether nothing may be pulled from it.</summary>
    public bool Blocked { get; init; }

    /// <summary>Whether mirrors serve references with a digest alone.</summary>
    public bool MirrorByDigestOnly { get; init; }

    /// <summary>The mirrors, in the order of the file.</summary>
    public ImmutableArray<ConfiguredMirror> Mirrors { get; init; } = [];

    /// <summary>Where it was written.</summary>
    public ConfigurationPlace Place { get; init; }

    internal MirrorRule ToRule() => new()
    {
        Prefix = Prefix,
        IsBlocked = Blocked,
        Mirrors = [.. Mirrors.Select(mirror => Endpoint(mirror.Location, mirror.Insecure, mirror.Place, MirrorByDigestOnly ? MirrorScope.DigestOnly : mirror.PullFromMirror))],
        Upstream = Location.Length == 0 || Location == Prefix ? null : Endpoint(Location, Insecure, Place, MirrorScope.All),
        Tls = Tls(Insecure),
        Place = Place,
    };

    private static ConfiguredEndpoint Endpoint(string location, bool insecure, ConfigurationPlace place, MirrorScope scope)
    {
        int slash = location.IndexOf('/', StringComparison.Ordinal);
        return new()
        {
            Host = slash < 0 ? location : location[..slash],
            Path = slash < 0 ? "" : location[(slash + 1)..],
            PathRule = MirrorPathRule.AfterV2,
            Scope = scope,
            Tls = Tls(insecure),
            Place = place,
        };
    }

    private static EndpointTls Tls(bool insecure) => insecure ? new() { AllowsPlain = true, SkipsVerification = true } : EndpointTls.Standard;
}
