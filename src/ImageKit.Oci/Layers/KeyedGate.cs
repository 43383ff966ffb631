using System.Collections.Concurrent;

namespace ImageKit.Oci;

/// <summary>Lets one at a time work on a layer, within this process: two would both do the same work.</summary>
internal sealed class KeyedGate
{
    // One small object for each layer worked on, kept: a build knows hundreds, not millions.
    private readonly ConcurrentDictionary<Digest, SemaphoreSlim> _gates = new();

    public async Task<IDisposable> EnterAsync(Digest key, CancellationToken cancel)
    {
        SemaphoreSlim gate = _gates.GetOrAdd(key, _ => new(1, 1));
        await gate.WaitAsync(cancel).ConfigureAwait(false);
        return new Held(gate);
    }

    private sealed class Held(SemaphoreSlim gate) : IDisposable
    {
        private SemaphoreSlim? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Release();
    }
}
