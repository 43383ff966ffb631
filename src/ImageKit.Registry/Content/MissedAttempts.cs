using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>The requests for one name that did not find it, of all endpoints, as they end. Several may be asked at a time.</summary>
internal sealed class MissedAttempts
{
    private ImmutableArray<RegistryAttempt> _all = [];

    public ImmutableArray<RegistryAttempt> All => _all;

    public void Add(ImmutableArray<RegistryAttempt> attempts) => ImmutableInterlocked.Update(ref _all, static (all, more) => all.AddRange(more), attempts);

    public void Add(Exception error)
    {
        if (error is RegistryException failure) Add(failure.Attempts);
    }
}
