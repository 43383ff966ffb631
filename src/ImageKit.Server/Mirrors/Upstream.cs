using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>A registry that is mirrored, and how it does.</summary>
internal sealed class Upstream : IDisposable
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(10), LongestRest = TimeSpan.FromMinutes(5);

    private readonly RegistryClient _client;
    private readonly TimeProvider _time;
    private long _restsUntil;

    public Upstream(UpstreamName name, RegistryOptions options)
    {
        (Name, _client, _time) = (name, new(options), options.Time);
    }

    public UpstreamName Name { get; }

    /// <summary>Whether it failed a moment ago: where there is an older answer, it is left alone for a while.</summary>
    public bool Rests => _time.GetTimestamp() < Volatile.Read(ref _restsUntil);

    /// <summary>The options for a client of an upstream: its logins come from one file or nowhere, and no mirrors stand between, which could lead back here.</summary>
    public static RegistryOptions Options(UpstreamName name, string? logins, TimeProvider time) => new()
    {
        Credentials = logins is null ? CredentialSources.Anonymous : CredentialSources.FromFiles([logins]),
        Mirrors = MirrorConfiguration.None with { CertificateFolders = MirrorConfiguration.OfMachine().CertificateFolders },
        InsecureHosts = name.IsPlain ? [name.Host.Authority] : [],
        Retries = new() { Attempts = 3, LongestDelay = TimeSpan.FromSeconds(5) },
        Timeouts = new() { Connect = TimeSpan.FromSeconds(5), Header = TimeSpan.FromSeconds(20) },
        UserAgent = "imagekit-registry/0.1",
        Time = time,
    };

    /// <summary>A repository of it; null if it can have none of this name.</summary>
    public RegistryRepository? Repository(string name) => ImageReference.TryParse($"{Name.Host.Name}/{Full(name)}", out ImageReference? reference) ? _client.Repository(reference) : null;

    /// <summary>The folder of a repository's copies: one, however the client wrote its name.</summary>
    public string CacheName(string name) => $"{Name.Host.Name.Replace(':', '_')}/{(ImageReference.TryParse($"{Name.Host.Name}/{Full(name)}", out ImageReference? reference) ? reference.Repository : Full(name))}";

    /// <summary>Takes note of a failure that is the registry's own.</summary>
    public void Failed(RegistryException error)
    {
        if (error.Kind is RegistryErrorKind.NotFound or RegistryErrorKind.Denied or RegistryErrorKind.Refused) return;
        TimeSpan rest = error.RetryAfter ?? ShortestRest;
        rest = rest < ShortestRest ? ShortestRest : rest > LongestRest ? LongestRest : rest;
        Volatile.Write(ref _restsUntil, _time.GetTimestamp() + (long)(rest.TotalSeconds * _time.TimestampFrequency));
    }

    public void Dispose() => _client.Dispose();

    private string Full(string name) => Name.Prefix.Length == 0 ? name : $"{Name.Prefix}/{name}";
}
