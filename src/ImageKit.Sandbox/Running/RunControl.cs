namespace ImageKit.Sandbox;

/// <summary>What may happen to a request from outside while it is served: it is stopped, or its command gets a signal.</summary>
internal sealed class RunControl : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private volatile int _process;
    private volatile int _endedBy;

    /// <summary>Says that the request is to stop.</summary>
    public CancellationToken Stopped => _source.Token;

    /// <summary>The signal that ended the command, as it did not catch it or had not begun; 0 if none did.</summary>
    public int EndedBy => _endedBy;

    /// <summary>Stops the request.</summary>
    public void Stop() => _source.Cancel();

    /// <summary>Says which process runs the command's runtime; 0 when it has ended.</summary>
    public void Attach(int process) => _process = process;

    /// <summary>Hands a signal to the command. The first process of a namespace is spared by signals that it does not catch: it is killed.</summary>
    public void Signal(int signal)
    {
        int process = _process;
        if (process > 0 && ProcessTree.FindFirstOfNamespace(process) is { } first && first.Handles(signal))
        {
            _ = Libc.kill(first.Id, signal);
            return;
        }
        _endedBy = signal;
        if (process > 0) ProcessTree.Kill(process);
        else Stop();
    }

    /// <summary>Gives back what it holds.</summary>
    public void Dispose() => _source.Dispose();
}
