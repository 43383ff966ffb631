using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>BuildKit's `buildkitd.toml`, as far as `[registry]` goes; the rest is BuildKit's own.</summary>
/// <remarks>A mirror is `host[:port][/path]`; its path is put behind `/v2`. How a mirror is secured stands in a `[registry]` of its own.</remarks>
/// <seealso href="https://github.com/moby/buildkit/blob/v0.23.0/docs/buildkitd.toml.md"/>
public sealed record BuildkitdToml : IMirrorSource
{
    /// <inheritdoc/>
    public string Format => "buildkitd.toml";

    /// <summary>The registries, in the order of the file.</summary>
    public ImmutableArray<BuildkitRegistry> Registries { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<MirrorRule> Rules =>
    [
        .. Registries.Where(registry => !registry.Mirrors.IsEmpty || registry.PlainHttp == true).Select(registry => new MirrorRule
        {
            Prefix = registry.Host,
            Mirrors = [.. registry.Mirrors.Select(mirror => mirror with { Scheme = SchemeOf(mirror.Host), Tls = TlsOf(mirror.Host) })],
            Tls = registry.Tls,
            Place = registry.Place,
        }),
    ];

    /// <inheritdoc/>
    public ImmutableArray<HostRule> Hosts =>
        [.. Registries.Where(registry => !registry.Tls.IsStandard).Select(registry => new HostRule(registry.Host, registry.Tls, registry.Place))];

    /// <summary>Reads the text of a file; what is wrong is in <see cref="Diagnostics"/>.</summary>
    public static BuildkitdToml Parse(string text, string file = "buildkitd.toml")
    {
        ArgumentNullException.ThrowIfNull(text);
        return new BuildkitdTomlReader(file).Read(text);
    }

    private BuildkitRegistry? Of(string host) => Registries.FirstOrDefault(registry => registry.Host == host);

    private string? SchemeOf(string host) => Of(host) is { PlainHttp: true, Insecure: not true } ? "http" : null;

    private EndpointTls TlsOf(string host) => Of(host)?.Tls ?? EndpointTls.Standard;
}
