namespace ImageKit.Registry;

/// <summary>A token that is cancelled when nothing happened for a while. Whoever sees bytes move touches it.</summary>
internal sealed class IdleWatch : IDisposable
{
    private readonly CancellationTokenSource _limit;
    private readonly CancellationTokenRegistration _caller;

    public IdleWatch(TimeSpan limit, TimeProvider time, CancellationToken cancel)
    {
        _limit = new(limit, time);
        _caller = cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _limit);
    }

    public CancellationToken Token => _limit.Token;

    /// <summary>Starts the wait anew.</summary>
    public void Touch(TimeSpan limit) => _limit.CancelAfter(limit);

    public void Dispose()
    {
        _caller.Dispose();
        _limit.Dispose();
    }
}
