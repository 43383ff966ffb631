using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Testing;

/// <summary>
/// A registry in memory for tests: it speaks the whole distribution protocol, records what it was asked, asks for logins if told to, and
/// goes wrong in the ways it is told to. Reached through a message handler, without sockets, or on a port of loopback.
/// </summary>
/// <example><code>
/// using var registry = new InMemoryRegistry();
/// using var client = new RegistryClient(registry.CreateOptions());
/// registry.Inject(new RegistryFault { Method = "GET", Path = "/blobs/", CutAfter = 1000 });
/// </code></example>
public sealed class InMemoryRegistry : IDisposable
{
    private readonly MemoryContent _content = new();
    private readonly FaultyServer _server;
    private readonly List<SocketHost> _hosts = [];

    /// <summary>Makes an empty registry.</summary>
    /// <param name="host">The name it goes by in references.</param>
    /// <param name="login">The login it asks for; none if null.</param>
    /// <param name="time">The clock of delays and token lifetimes.</param>
    public InMemoryRegistry(string host = "registry.test", RegistryLogin? login = null, TimeProvider? time = null)
    {
        Host = host;
        _server = new(_content, host, login, time ?? TimeProvider.System);
    }

    /// <summary>The name it goes by in references.</summary>
    public string Host { get; }

    /// <summary>The host of its token server. Any other host but this and <see cref="Host"/> plays a storage server with the same blobs.</summary>
    public string TokenHost => _server.TokenHost;

    /// <summary>What it was asked so far, in order of arrival.</summary>
    public ImmutableArray<RecordedRequest> Requests => _server.Requests;

    /// <summary>The names of the repositories that hold something, sorted.</summary>
    public ImmutableArray<string> Repositories => [.. _content.Names];

    /// <summary>Lets something go wrong. Of several faults that fit a request the first counts.</summary>
    public void Inject(RegistryFault fault) => _server.Inject(fault);

    /// <summary>Takes back every fault: from now on all goes well.</summary>
    public void Heal() => _server.Heal();

    /// <summary>Forgets the requests recorded so far.</summary>
    public void ForgetRequests() => _server.ForgetRequests();

    /// <summary>A handler that brings requests to any host here.</summary>
    public HttpMessageHandler CreateHandler() => new InMemoryHandler(_server);

    /// <summary>Options for a <see cref="RegistryClient"/> that reaches this registry alone, anonymously, with short waits.</summary>
    public RegistryOptions CreateOptions() => new()
    {
        HandlerFactory = _ => CreateHandler(),
        Mirrors = MirrorConfiguration.None,
        Credentials = CredentialSources.Anonymous,
        Retries = new() { FirstDelay = TimeSpan.FromMilliseconds(1), LongestDelay = TimeSpan.FromSeconds(2) },
    };

    /// <summary>Opens a port of loopback, so that other programs reach this registry; closed with the registry.</summary>
    /// <returns>The registry's name there: `127.0.0.1:PORT`. It speaks no TLS.</returns>
    public string Listen()
    {
        SocketHost host = SocketHost.Start(_server);
        _hosts.Add(host);
        return host.Name;
    }

    /// <summary>Puts an image here past logins and faults; nothing of it is recorded.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="tag">The tag that it gets.</param>
    /// <param name="source">What holds the image.</param>
    /// <param name="root">Its manifest or index.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">The source does not hold it whole.</exception>
    public async Task SeedAsync(string repository, string tag, IContentSource source, Descriptor root, CancellationToken cancel = default)
    {
        using RegistryClient client = new(CreateOptions() with { HandlerFactory = _ => new InMemoryHandler(new(_content, Host, login: null, TimeProvider.System)) });
        RegistryRepository target = client.Repository(ImageReference.Parse($"{Host}/{repository}"));
        await ContentCopy.CopyAsync(source, target, root, cancel: cancel).ConfigureAwait(false);
        await target.TagAsync(tag, root, cancel).ConfigureAwait(false);
    }

    /// <summary>The tags of a repository, sorted; empty if it is not there.</summary>
    public ImmutableArray<string> Tags(string repository) => _content.TryFind(repository, out MemoryRepository? found) ? [.. found.Tags] : [];

    /// <summary>Whether a repository has a blob or a manifest.</summary>
    public bool Contains(string repository, Digest digest) =>
        _content.TryFind(repository, out MemoryRepository? found) && (found.FindBlob(digest) is not null || found.FindManifest(digest.ToString()) is not null);

    /// <summary>How many uploads to a repository were opened and neither finished nor cancelled.</summary>
    public int OpenUploads(string repository) => _content.TryFind(repository, out MemoryRepository? found) ? found.OpenUploads : 0;

    /// <summary>Closes the ports.</summary>
    public void Dispose()
    {
        foreach (SocketHost host in _hosts) host.Dispose();
    }
}
