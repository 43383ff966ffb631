namespace ImageKit.Registry;

/// <summary>Measures how fast bytes come while somebody waits for them; the time of whoever uses them does not count.</summary>
internal sealed class SlowWatch(TimeProvider time, int leastBytesPerSecond)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private TimeSpan _waited, _before;
    private long _bytes;
    private long _asked;

    /// <summary>How long somebody waited for bytes, from the first on.</summary>
    public TimeSpan Waited => _before + _waited;

    public void Asking() => _asked = time.GetTimestamp();

    /// <summary>Takes note of what came.</summary>
    public void Got(int bytes)
    {
        _waited += time.GetElapsedTime(_asked);
        _bytes += bytes;
    }

    /// <summary>Whether a whole window was too slow; begins the next one.</summary>
    public bool IsTooSlow()
    {
        if (_waited < Window) return false;
        bool slow = _bytes < leastBytesPerSecond * _waited.TotalSeconds;
        (_before, _waited, _bytes) = (Waited, TimeSpan.Zero, 0);
        return slow;
    }
}
