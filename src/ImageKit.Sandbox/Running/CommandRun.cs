using System.Diagnostics;

namespace ImageKit.Sandbox;

/// <summary>Runs a bundle's command to its end, passes on what it writes, and kills it with all its processes when cancelled.</summary>
internal static class CommandRun
{
    private const int PieceLength = 32 * 1024;

    /// <summary>Runs it.</summary>
    /// <param name="runtime">What runs it.</param>
    /// <param name="bundle">What is run, written already.</param>
    /// <param name="output">Receives what is written, one call at a time a stream; null if the streams are inherited.</param>
    /// <param name="control">Kills, or hands signals to the command.</param>
    /// <param name="owners">Watches it; null if nobody does.</param>
    /// <returns>The runtime's exit code.</returns>
    public static async Task<int> RunAsync(ContainerRuntime runtime, RunBundle bundle, Action<RunOutput>? output, RunControl control, OwnerWatch? owners = null)
    {
        CancellationToken cancel = control.Stopped;
        if (bundle.Spec.Process.Terminal) CommandTerminal.Require();
        using CommandTerminal? terminal = bundle.Spec.Process.Terminal && runtime.WantsTerminal ? CommandTerminal.Open() : null;
        ProcessStartInfo start = runtime.ToStart(bundle, terminal?.Slave);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = output is not null;
        cancel.ThrowIfCancellationRequested();
        using Process process = owners?.Start(start) ?? Process.Start(start)!;
        if (output is not null) process.StandardInput.Close();
        control.Attach(process.Id);
        using TerminalResize? resize = bundle.Spec.Process.Terminal && terminal is null ? new TerminalResize(process.Id) : null;
        terminal?.Connect();
        Task pumping = output is null ? Task.CompletedTask
            : Task.WhenAll(
                PumpAsync(process.StandardOutput.BaseStream, error: false, output),
                PumpAsync(process.StandardError.BaseStream, error: true, output));
        await using (cancel.Register(() => ProcessTree.Kill(process.Id)).ConfigureAwait(false))
        {
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            control.Attach(0);
            await pumping.ConfigureAwait(false);
        }
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    // Threads of their own: reading a pipe blocks, and the pool has few.
    private static Task PumpAsync(Stream from, bool error, Action<RunOutput> to) => Task.Factory.StartNew(() =>
    {
        byte[] piece = new byte[PieceLength];
        while (from.Read(piece) is int length and > 0) to(new RunOutput(error, piece.AsMemory(0, length)));
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
