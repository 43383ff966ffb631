using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>Gives the command's terminal the size of the caller's whenever that changes: crun does it once, at the start.</summary>
internal sealed class TerminalResize : IDisposable
{
    private readonly PosixSignalRegistration _resizing;

    /// <summary>Watches while a runtime's process lives.</summary>
    public TerminalResize(int process) => _resizing = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Pass(process));

    /// <summary>Watches no more.</summary>
    public void Dispose() => _resizing.Dispose();

    private static void Pass(int process)
    {
        if (ProcessTree.FindFirstOfNamespace(process) is not { } command) return;
        int terminal = Libc.open($"/proc/{command.Id}/fd/0", CommandTerminal.ReadWriteNoControl);
        if (terminal < 0) return; // it closed its input, or has just ended
        CommandTerminal.CopySize(terminal);
        _ = Libc.close(terminal);
    }
}
