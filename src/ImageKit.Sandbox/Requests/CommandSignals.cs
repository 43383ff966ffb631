namespace ImageKit.Sandbox;

/// <summary>Hands signals to a command that runs in the foreground. One for each run; any thread may send.</summary>
public sealed class CommandSignals
{
    private volatile Action<int>? _receiver;

    /// <summary>Hands a signal on. A command that does not catch it is ended by it, although it is the first process of its namespace.</summary>
    /// <param name="signal">The signal's number, as in signal(7) of this machine: 2 for SIGINT, 15 for SIGTERM.</param>
    /// <returns>False if no command runs yet, or any more.</returns>
    public bool Send(int signal)
    {
        Action<int>? receiver = _receiver;
        receiver?.Invoke(signal);
        return receiver is not null;
    }

    internal void Connect(Action<int>? receiver) => _receiver = receiver;
}
