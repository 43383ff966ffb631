using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ImageKit.Sandbox;

/// <summary>The keeper's own side: serves requests, many at once, until the caller closes the socket or dies.</summary>
internal sealed class KeeperServer
{
    private readonly KeeperChannel _channel;
    private readonly KeeperWork _work;
    private readonly ConcurrentDictionary<int, RunControl> _running = new();

    private KeeperServer(KeeperChannel channel, KeeperWork work) => (_channel, _work) = (channel, work);

    /// <summary>Serves until the socket closes.</summary>
    /// <returns>The process's exit code. As the first process of its namespace it takes all others, and the mounts, along.</returns>
    public static async Task<int> ServeAsync(int descriptor)
    {
        _ = Libc.fcntl(descriptor, Libc.SetDescriptorFlags, Libc.CloseOnExec); // no command may hold it
        _ = Libc.umask(0b10_010);
        using SignalDeafness deaf = new();
        using KeeperChannel channel = new(descriptor);
        if (await channel.ReceiveMessageAsync(CancellationToken.None).ConfigureAwait(false) is not StartMessage start) return 1;
        if (!start.InheritStreams) _ = Libc.setsid(); // an interrupt of the terminal is for the caller, who then says what to stop
        try
        {
            using KeeperWork work = await KeeperWork.StartAsync(start, CancellationToken.None).ConfigureAwait(false);
            await channel.SendAsync(new ReadyMessage(work.RuntimeName, work.Warnings), CancellationToken.None).ConfigureAwait(false);
            await new KeeperServer(channel, work).ReceiveAsync().ConfigureAwait(false);
            return 0;
        }
        catch (Exception failure) when (failure is ImageKitException or IOException or UnauthorizedAccessException)
        {
            await channel.SendAsync(ToMessage(0, failure), CancellationToken.None).ConfigureAwait(false);
            return 1;
        }
    }

    private async Task ReceiveAsync()
    {
        List<Task> tasks = [];
        while (await _channel.ReceiveMessageAsync(CancellationToken.None).ConfigureAwait(false) is { } message)
        {
            tasks.RemoveAll(task => task.IsCompleted);
            if (message is CancelMessage stopped) Stop(stopped.Id);
            else if (message is SignalMessage signal) Control(signal.Id)?.Signal(signal.Signal);
            else tasks.Add(Begin(message));
        }
        foreach (int id in _running.Keys) Stop(id);
        await Task.WhenAny(Task.WhenAll(tasks), Task.Delay(TimeSpan.FromSeconds(2))).ConfigureAwait(false); // to leave a tidy folder; not at any price
    }

    private void Stop(int id) => Control(id)?.Stop();

    private RunControl? Control(int id) => _running.GetValueOrDefault(id);

    // Known before it runs: what stops it may be the next message.
    private Task Begin(KeeperMessage message)
    {
        int id = message switch { RunMessage run => run.Id, UnpackMessage unpack => unpack.Id, RemoveMessage remove => remove.Id, _ => 0 };
        RunControl control = _running[id] = new RunControl();
        return Task.Run(() => AnswerAsync(message, id, control));
    }

    private async Task AnswerAsync(KeeperMessage message, int id, RunControl control)
    {
        using var disposing = control;
        KeeperMessage answer;
        try
        {
            answer = new DoneMessage(id, await WorkAsync(message, id, control).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (control.EndedBy > 0)
        {
            answer = new DoneMessage(id, new RunResult(128 + control.EndedBy, null));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // the caller waits for an answer, whatever went wrong
        {
            answer = ToMessage(id, failure);
        }
        _running.TryRemove(id, out _);
        try
        {
            await _channel.SendAsync(answer, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException) // the caller is gone: the end is near
        {
        }
    }

    private async Task<RunResult?> WorkAsync(KeeperMessage message, int id, RunControl control)
    {
        switch (message)
        {
            case RunMessage run:
                return await _work.RunAsync(run.Request, output => Send(id, output), control).ConfigureAwait(false);
            case UnpackMessage unpack:
                await _work.UnpackAsync(unpack.Layers, control.Stopped).ConfigureAwait(false);
                return null;
            case RemoveMessage remove:
                _work.Remove(remove.Paths);
                return null;
            default:
                throw new InvalidDataException($"The keeper does not know the message {message.GetType().Name}.");
        }
    }

    // Called by the threads that read a command's pipes, which wait for the caller: a command writes no faster than it is read.
    private void Send(int id, RunOutput output)
    {
        try
        {
            _channel.SendAsync(id, output with { Bytes = output.Bytes.ToArray() }, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (IOException) // the caller is gone: the end is near
        {
        }
    }

    private static FailedMessage ToMessage(int id, Exception failure) => failure switch
    {
        ImageKitException known => new(id, known.Code, known.What, known.Why, known.Mend),
        OperationCanceledException => new(id, "IK5009", "The command was stopped.", "", ""),
        not (IOException or UnauthorizedAccessException) => new(id, "IK5003", "The keeper, ImageKit's helper process for commands, failed.", failure.ToString(),
            "Try again; if it happens again, report it with this text."),
        _ => new(id, "IK5006", "The sandbox could not read or write what it needs.", failure.Message, "Check the disk and the permissions of ImageKit's folder."),
    };

    /// <summary>Ignores what a terminal or a service manager sends to a whole group: the caller decides, and its end closes the socket.</summary>
    private sealed class SignalDeafness : IDisposable
    {
        private readonly ImmutableArray<PosixSignalRegistration> _registrations =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }
                .Select(signal => PosixSignalRegistration.Create(signal, context => context.Cancel = true)),
        ];

        public void Dispose()
        {
            foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
        }
    }
}
