using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// Asks the registry itself what a tag means, by a request that costs no quota, and a mirror beside it: the registry is believed. Where it
/// cannot be reached the mirror is, and that is said.
/// </summary>
internal sealed class TagCheck(ReadRoute route, ImmutableArray<RepositoryRequests> sources, string tag, MissedAttempts misses)
{
    // How long the answer of the registry waits for that of the mirror, which only serves to tell that it is behind.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private RegistryOptions Options => route.Last.Options;

    public async Task<Descriptor?> RunAsync(CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<(Descriptor? Found, RepositoryRequests? By)> mirror = AskMirrorsAsync(stop.Token);
        try
        {
            (bool answered, Descriptor? upstream) = await AskUpstreamAsync(cancel).ConfigureAwait(false);
            if (answered)
            {
                await Task.WhenAny(mirror, Task.Delay(Patience, Options.Time, cancel)).ConfigureAwait(false);
                if (mirror.IsCompletedSuccessfully) Compare(await mirror.ConfigureAwait(false), upstream);
                return upstream;
            }
            (Descriptor? found, RepositoryRequests? by) = await mirror.ConfigureAwait(false);
            if (found is null) return await route.AskAsync([route.Last], source => new ManifestRequests(source, misses).DescribeAsync(tag, cancel), misses).ConfigureAwait(false);
            Tell(by!, $"The tag '{tag}' of {route.Last.FullName} is taken from the mirror {by!.Endpoint.Host}: the registry itself could not be asked.");
            return found;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<(Descriptor?, RepositoryRequests?)> AskMirrorsAsync(CancellationToken cancel)
    {
        foreach (RepositoryRequests source in sources.Where(source => source != route.Last))
        {
            try
            {
                if (await new ManifestRequests(source, misses).DescribeAsync(tag, cancel).ConfigureAwait(false) is { } found) return (found, source);
            }
            catch (ImageKitException error)
            {
                route.PassOver(source, error);
                misses.Add(error);
            }
            catch (OperationCanceledException)
            {
                return default; // nobody waits for it any more, or the caller gave up and says so itself
            }
        }
        return default;
    }

    // Once, and not for long: there are mirrors.
    private async Task<(bool Answered, Descriptor? Found)> AskUpstreamAsync(CancellationToken cancel)
    {
        RepositoryRequests once = route.Last.Once();
        using CancellationTokenSource limit = new(Options.Timeouts.MirrorConnect + Options.Timeouts.MirrorHeader, Options.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            Descriptor? found = await new ManifestRequests(once, misses).DescribeAsync(tag, either.Token).ConfigureAwait(false);
            route.Worked(route.Last);
            return (true, found);
        }
        catch (RegistryException error)
        {
            route.PassOver(route.Last, error);
            return default;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return default;
        }
    }

    private void Compare((Descriptor? Found, RepositoryRequests? By) mirror, Descriptor? upstream)
    {
        if (mirror.Found is null || mirror.Found.Digest == upstream?.Digest) return;
        string host = mirror.By!.Endpoint.Host.Name;
        Tell(mirror.By, upstream is null ? $"The mirror {host} still has the tag '{tag}' of {route.Last.FullName}, which is gone."
            : $"The mirror {host} is behind with the tag '{tag}' of {route.Last.FullName}: it has {mirror.Found.Digest}, the registry {upstream.Digest}.");
    }

    private void Tell(RepositoryRequests about, string message) => Options.Notices?.Report(new(about.Endpoint.Host.Name, message));
}
