using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// Where the content of one repository may be read: mirrors in their order, the repository itself last. Whoever fails is passed over for
/// this read, and for a while; whoever handed out broken bytes is not asked again.
/// </summary>
internal sealed class ReadRoute
{
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private readonly Func<CancellationToken, ValueTask<PlannedRoute>>? _prepare;
    private readonly HostHealth _health;
    private ImmutableArray<RepositoryRequests> _content, _resolving;
    private TagPolicy _tags = TagPolicy.Mirror;
    private MirrorOrder _order;
    private volatile bool _isPrepared;

    /// <param name="sources">At least one; all but the last are tried once, without waiting and trying again.</param>
    public ReadRoute(ImmutableArray<RepositoryRequests> sources)
    {
        (_content, _resolving, _health, _isPrepared) = (sources, sources, sources[0].Transport.Health, true);
        Last = sources[^1];
    }

    /// <param name="itself">The repository itself.</param>
    /// <param name="prepare">Makes the plan, when something is read for the first time.</param>
    public ReadRoute(RepositoryRequests itself, Func<CancellationToken, ValueTask<PlannedRoute>> prepare)
    {
        (_content, _resolving, _health, _prepare) = ([itself], [itself], itself.Transport.Health, prepare);
        Last = itself;
    }

    /// <summary>Whether one blob may come from several sources at a time.</summary>
    public bool SharesBlobs { get; private set; } = true;

    /// <summary>The repository itself, or where it was moved.</summary>
    public RepositoryRequests Last { get; private set; }

    /// <summary>The sources that are fit, in their order; the last always is.</summary>
    public ImmutableArray<RepositoryRequests> Sources => _health.Fit(_content, _order);

    /// <summary>Makes the plan, once. Whatever reads calls it first.</summary>
    /// <exception cref="ImageKitException">Pulling is forbidden (IK2044), or a file of configuration is broken (IK2040).</exception>
    public async ValueTask PrepareAsync(CancellationToken cancel)
    {
        if (_isPrepared) return;
        await _preparing.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_isPrepared) return;
            PlannedRoute planned = await _prepare!(cancel).ConfigureAwait(false);
            (_content, _resolving, _tags, _order, Last) = (planned.Content, planned.Resolving, planned.Tags, planned.Order, planned.Content[^1]);
            _isPrepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Takes a source out: its bytes were not what was promised.</summary>
    /// <returns>Whether there is another one to ask.</returns>
    public bool Quarantine(RepositoryRequests source) => source != Last && _health.Quarantine(source.Endpoint);

    /// <summary>From now on each blob comes from one source at a time, so that the one with wrong bytes is found.</summary>
    /// <returns>Whether that is news.</returns>
    public bool StopSharing()
    {
        bool news = SharesBlobs;
        SharesBlobs = false;
        return news;
    }

    /// <summary>Takes note that a source answered.</summary>
    public void Worked(RepositoryRequests source) => _health.Worked(source.Endpoint);

    /// <summary>Takes note that a source failed.</summary>
    public void PassOver(RepositoryRequests source, Exception error) => _health.Failed(source.Endpoint, error);

    /// <summary>Takes note of bytes that came from a source.</summary>
    public void Moved(RepositoryRequests source, int bytes) => _health.Moved(source.Endpoint, bytes);

    /// <summary>Takes note of how long a source took for bytes.</summary>
    public void Gave(RepositoryRequests source, long bytes, TimeSpan took) => _health.Gave(source.Endpoint, bytes, took);

    /// <summary>How long the head of a source's answer may take before the next one is asked too.</summary>
    public TimeSpan PatienceWith(RepositoryRequests source) => _health.PatienceWith(source.Endpoint);

    /// <summary>A source is so late that another one was asked: it takes that long at least.</summary>
    public void Late(RepositoryRequests source, TimeSpan after) => _health.Answered(source.Endpoint, after);

    /// <summary>Finds out what a tag or digest names; null if it is not there.</summary>
    /// <param name="name">The tag or digest.</param>
    /// <param name="misses">Is told of whoever was asked and had it not.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="RegistryException">The last one that was asked failed; the error tells of the others too.</exception>
    public async Task<Descriptor?> ResolveAsync(string name, MissedAttempts misses, CancellationToken cancel)
    {
        await PrepareAsync(cancel).ConfigureAwait(false);
        TagPolicy policy = Digest.TryParse(name, out _) || _resolving.Length == 1 ? TagPolicy.Mirror : _tags;
        return policy switch
        {
            TagPolicy.Verify => await new TagCheck(this, _health.Fit(_resolving, _order), name, misses).RunAsync(cancel).ConfigureAwait(false),
            TagPolicy.Upstream => await AskAsync([Last], source => new ManifestRequests(source, misses).DescribeAsync(name, cancel), misses).ConfigureAwait(false),
            _ => await AskAsync(_health.Fit(_resolving, _order), source => new ManifestRequests(source, misses).DescribeAsync(name, cancel), misses).ConfigureAwait(false),
        };
    }

    /// <summary>Asks one source after the other until one has what is asked for; null if none has it.</summary>
    /// <exception cref="RegistryException">The last one failed; the error tells of the others too.</exception>
    public Task<T?> AskAsync<T>(Func<RepositoryRequests, Task<T?>> ask)
        where T : class => AskAsync(Sources, ask, new());

    /// <inheritdoc cref="AskAsync{T}(Func{RepositoryRequests, Task{T}})"/>
    public async Task<T?> AskAsync<T>(ImmutableArray<RepositoryRequests> sources, Func<RepositoryRequests, Task<T?>> ask, MissedAttempts misses)
        where T : class
    {
        foreach (RepositoryRequests source in sources)
        {
            try
            {
                T? found = await ask(source).ConfigureAwait(false);
                Worked(source);
                if (found is not null) return found;
            }
            catch (ImageKitException error) when (source != Last)
            {
                PassOver(source, error);
                misses.Add(error); // the next one is asked
            }
            catch (RegistryException error) when (misses.All.Length > 0)
            {
                throw error.After(misses.All);
            }
        }
        return null;
    }
}
