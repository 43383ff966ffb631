namespace ImageKit.Registry;

/// <summary>
/// How fast a host is asked: so many requests at once, fewer when it says that they are too many, and none before the moment it named. All
/// jobs of a client share it.
/// </summary>
internal sealed class HostPace(int width, TimeProvider time)
{
    private const int GoodForOneMore = 20; // answers in a row after which one more request may run

    private readonly SemaphoreSlim _turns = new(width, int.MaxValue);
    private readonly Lock _lock = new();
    private DateTimeOffset _notBefore;
    private int _taken; // turns that are withheld
    private int _debt; // of these, those that are still in use
    private int _good;

    /// <summary>How many requests may run at once now.</summary>
    public int Width
    {
        get
        {
            lock (_lock) return width - _taken;
        }
    }

    /// <summary>How long the host wants to be left alone.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock) return _notBefore - time.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;
        }
    }

    public Task EnterAsync(CancellationToken cancel) => _turns.WaitAsync(cancel);

    /// <summary>Gives the turn back.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_debt > 0) _debt--;
            else _turns.Release();
        }
    }

    /// <summary>The host said that requests are too many: half as many from now on.</summary>
    /// <param name="after">How long it wants to be left alone, if it said so.</param>
    public void SlowDown(TimeSpan? after)
    {
        lock (_lock)
        {
            int less = (width - _taken) / 2;
            _taken += less;
            for (int i = 0; i < less; i++)
            {
                if (!_turns.Wait(0)) _debt++;
            }
            _good = 0;
            if (after is { } wait && time.GetUtcNow() + wait > _notBefore) _notBefore = time.GetUtcNow() + wait;
        }
    }

    /// <summary>The host answered well.</summary>
    public void SpeedUp()
    {
        lock (_lock)
        {
            if (_taken == 0 || ++_good < GoodForOneMore) return;
            _good = 0;
            _taken--;
            if (_debt > 0) _debt--;
            else _turns.Release();
        }
    }
}
