using System.Runtime.InteropServices;
using ImageKit.Sandbox;

namespace ImageKit.Cli;

/// <summary>
/// Turns the first Ctrl-C (or SIGTERM, SIGHUP) into a cancellation; the second ends the process at once. While a command of `run` is in the
/// foreground, the first goes to it, the second cancels.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile bool _forwarded;

    public Interrupt()
    {
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Takes signals before anything is cancelled.</summary>
    public CommandSignals Foreground { get; } = new();

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested; // the last one takes its default course
        if (!_forwarded && Foreground.Send(NumberOf(context.Signal)))
        {
            _forwarded = true;
            return;
        }
        _source.Cancel();
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };
}
