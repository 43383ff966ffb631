using System.Collections.Immutable;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>
/// Finds out which requests are for a mirrored registry: those that say so in `?ns=`, those whose names begin with its name, and, where there is a
/// single one without a name of its own, all others too. A registry that nobody configured is never asked.
/// </summary>
internal sealed class MirrorRouting : IAsyncDisposable
{
    private readonly ImmutableArray<Mirror> _mirrors;
    private readonly BlobFetches _fetches;

    public MirrorRouting(ImmutableArray<UpstreamName> names, DiskContent cache, RegistryServerOptions options, TimeProvider time)
    {
        _fetches = new(cache);
        _mirrors = [.. names.Select(name =>
        {
            Upstream upstream = new(name, Upstream.Options(name, options.MirrorLogins, time));
            MirroredManifests manifests = new(upstream, cache, options.TagLifetime, time);
            return new Mirror(upstream, Protocol(""), Protocol(name.Name + "/"));

            RegistryProtocol Protocol(string prefix) => new(new MirroredContent(upstream, manifests, _fetches, cache, prefix));
        })];
    }

    private bool HasRoot => _mirrors is [{ Upstream.Name.IsNamed: false }];

    /// <summary>The protocol for a request; null if it is for this registry itself.</summary>
    /// <param name="request">The request.</param>
    /// <param name="meant">The registry that the answer is of, if the client asked for one by name.</param>
    /// <exception cref="ServedRefusal">The client asks for a registry that is not mirrored here.</exception>
    public RegistryProtocol? Choose(ServedRequest request, out string? meant)
    {
        meant = null;
        if (RegistryProtocol.RepositoryOf(request.Path) is not { } repository) return null;
        if (request.Ask("ns") is { Length: > 0 } spoken)
        {
            meant = spoken;
            bool isPlain = !spoken.AsSpan().ContainsAnyExceptInRange('!', '~'); // it is repeated in a header
            return _mirrors.FirstOrDefault(mirror => isPlain && mirror.Upstream.Name.Is(spoken))?.Whole
                ?? throw new ServedRefusal(ServedAnswer.Error(404, "NAME_UNKNOWN", "this registry is not mirrored here"));
        }
        return _mirrors.FirstOrDefault(mirror => repository.StartsWith(mirror.Upstream.Name.Name + "/", StringComparison.Ordinal))?.Prefixed ?? (HasRoot ? _mirrors[0].Whole : null);
    }

    /// <summary>The name of the mirrored registry that a client means by `?ns=`; null if there is none.</summary>
    public string? NameOf(string spoken) => _mirrors.FirstOrDefault(mirror => mirror.Upstream.Name.Is(spoken))?.Upstream.Name.Name;

    public async ValueTask DisposeAsync()
    {
        await _fetches.DisposeAsync().ConfigureAwait(false);
        foreach (Mirror mirror in _mirrors) mirror.Upstream.Dispose();
    }

    private sealed record Mirror(Upstream Upstream, RegistryProtocol Whole, RegistryProtocol Prefixed);
}
