using System.Collections.Immutable;
using System.Net;

namespace ImageKit.Registry;

/// <summary>How a <see cref="RegistryClient"/> works.</summary>
public sealed record RegistryOptions
{
    /// <summary>Where logins come from; the files of docker and containers tools unless set.</summary>
    public ICredentialSource Credentials { get; init; } = CredentialSources.Default;

    /// <summary>
    /// Makes the handler that carries requests; called once for a client, which disposes it. It must neither follow redirects nor decompress.
    /// Unset: <see cref="RegistryHttp.CreateHandler"/>.
    /// </summary>
    public Func<RegistryOptions, HttpMessageHandler>? HandlerFactory { get; init; }

    /// <summary>Mirrors, and how hosts are secured; null for the files of this machine, read when first needed.</summary>
    public MirrorConfiguration? Mirrors { get; init; }

    /// <summary>The proxies; null for none. Those of the environment unless set.</summary>
    public IWebProxy? Proxy { get; init; } = EnvironmentProxy.OfMachine();

    /// <summary>Is told what a user may want to know though it stopped nothing; from many threads. Nobody unless set.</summary>
    public IProgress<RegistryNotice>? Notices { get; init; }

    /// <summary>The clock of time limits, waits and token lifetimes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Registries, `host` or `host:port`, that may be used without TLS or with a certificate that cannot be verified.
    /// Loopback addresses may always be used without TLS.
    /// </summary>
    public ImmutableArray<string> InsecureHosts { get; init; } = [];

    /// <summary>Hosts that may be sent logins though they are not of the registry's domain, when a registry names them as its token server.</summary>
    public ImmutableArray<string> TrustedRealms { get; init; } = [];

    /// <summary>What the client calls itself.</summary>
    public string UserAgent { get; init; } = "imagekit/0.1";

    /// <summary>Connections to one host at most. 36 unless set: four large transfers and 32 small ones.</summary>
    public int MaxConnectionsPerHost { get; init; } = 36;

    /// <summary>The largest manifest accepted, in bytes. 4 MiB unless set, the least that registries must take.</summary>
    public int MaxManifestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Bytes of a request that pushes a part of a blob; 0, unless set, sends every blob in one request, which is the fastest. A proxy that refuses
    /// large requests is sent smaller ones by itself. Registries that want larger chunks than this get them.
    /// </summary>
    public int UploadChunkBytes { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = RegistryEnvironment.ChunkBytes;

    /// <summary>
    /// The folder in which unfinished uploads are remembered, so that a later process goes on with them after a crash; made when first needed.
    /// Null: they are forgotten with the process.
    /// </summary>
    public string? SessionFolder { get; init; }

    /// <summary>
    /// The file in which is kept which mirrors failed, so that a later process passes them over too, for as long as this one would, an hour at most;
    /// made when a mirror fails. Null: that is forgotten with the process.
    /// </summary>
    public string? HealthFile { get; init; }

    /// <summary>How one large blob is fetched in several parts at once, and from several mirrors.</summary>
    public RangeWidth Ranges { get; init; } = new();

    /// <summary>The time limits.</summary>
    public RegistryTimeouts Timeouts { get; init; } = new();

    /// <summary>The limits of trying again.</summary>
    public RetryLimits Retries { get; init; } = new();
}
