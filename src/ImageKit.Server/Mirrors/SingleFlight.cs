using System.Collections.Concurrent;

namespace ImageKit.Server;

/// <summary>Lets several callers that want the same share one run of it.</summary>
internal sealed class SingleFlight<T>
{
    private readonly ConcurrentDictionary<string, Lazy<Task<T>>> _running = new(StringComparer.Ordinal);

    /// <summary>Joins the run of a key, or starts it. A caller that goes away does not stop it.</summary>
    public async Task<T> RunAsync(string key, Func<Task<T>> run, CancellationToken cancel)
    {
        Lazy<Task<T>> mine = new(() => Task.Run(run));
        Lazy<Task<T>> shared = _running.GetOrAdd(key, mine);
        if (shared == mine) _ = shared.Value.ContinueWith(_ => _running.TryRemove(KeyValuePair.Create(key, mine)), TaskScheduler.Default);
        return await shared.Value.WaitAsync(cancel).ConfigureAwait(false);
    }
}
