using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>
/// Where the content of one repository may be read: mirrors in their order, the repository itself last. Whoever fails is passed over for
/// this read; whoever handed out broken bytes is not asked again by this route.
/// </summary>
/// <param name="sources">At least one; all but the last are tried once, without waiting and trying again.</param>
internal sealed class ReadRoute(ImmutableArray<RepositoryRequests> sources)
{
    private readonly ConcurrentDictionary<RepositoryRequests, bool> _broken = new();

    /// <summary>The repository itself.</summary>
    public RepositoryRequests Last => sources[^1];

    /// <summary>The sources that are still trusted, in their order; the last always is.</summary>
    public ImmutableArray<RepositoryRequests> Sources => _broken.IsEmpty ? sources : [.. sources.Where(source => source == Last || !_broken.ContainsKey(source))];

    /// <summary>Takes a source out of the route: its bytes were not what was promised.</summary>
    /// <returns>Whether there is another one to ask.</returns>
    public bool Quarantine(RepositoryRequests source) => source != Last && _broken.TryAdd(source, true);

    /// <summary>Asks one source after the other until one has what is asked for; null if none has it.</summary>
    /// <exception cref="RegistryException">The last one failed; the error tells of the others too.</exception>
    public async Task<T?> AskAsync<T>(Func<RepositoryRequests, Task<T?>> ask)
        where T : class
    {
        List<RegistryException> failures = [];
        foreach (RepositoryRequests source in Sources)
        {
            try
            {
                if (await ask(source).ConfigureAwait(false) is { } found) return found;
            }
            catch (ImageKitException error) when (source != Last)
            {
                if (error is RegistryException failure) failures.Add(failure); // the next one is asked
            }
            catch (RegistryException error) when (failures.Count > 0)
            {
                throw error.After(failures);
            }
        }
        return null;
    }
}
