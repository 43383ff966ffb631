using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.Versioning;
using ImageKit.Oci;

namespace ImageKit.Sandbox;

/// <summary>
/// The helper process that holds a build's namespaces: it unpacks layers, mounts them, runs commands in them and turns what these changed into
/// new layers. One a build, started when first needed. When the caller ends, even by SIGKILL, the keeper, its mounts and all its processes end.
/// Any number of requests may be under way at once.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class Keeper : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // between a cancellation and the end of the keeper
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1); // for what the keeper sent before it ended

    private readonly KeeperStart _start;
    private readonly bool _inherits;
    private readonly ConcurrentDictionary<int, Pending> _pending = new();
    private readonly Task _receiving;
    private int _lastId;
    private volatile bool _gone;

    private Keeper(KeeperStart start, bool inherits, KeeperMode mode, ReadyMessage ready, string? warning)
    {
        (_start, _inherits) = (start, inherits);
        Mode = mode;
        Runtime = ready.Runtime;
        Warnings = warning is null ? ready.Warnings : [warning, .. ready.Warnings];
        _receiving = ReceiveAsync();
        _ = WatchAsync();
    }

    /// <summary>Which ids exist inside.</summary>
    public KeeperMode Mode { get; }

    /// <summary>What runs the commands: the path of an OCI runtime, or `builtin`.</summary>
    public string Runtime { get; }

    /// <summary>What cannot be had on this machine, a sentence each; to be shown to the user once.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>Starts a keeper.</summary>
    /// <exception cref="ImageKitException">
    /// A program is missing (IK5001), namespaces are refused (IK5002), the keeper died (IK5003), or the runtime asked for does not work (IK5004).
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static async Task<Keeper> StartAsync(KeeperOptions options, CancellationToken cancel = default)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Commands run on Linux only.");
        Directory.CreateDirectory(options.Home);
        bool root = Libc.geteuid() == 0;
        KeeperStart start = KeeperStart.Launch(options, KeeperProgram.Find(options), root);
        try
        {
            (KeeperMode mode, string? warning) = root ? (KeeperMode.Root, null) : await MapAsync(start, cancel).ConfigureAwait(false);
            StartMessage wanted = new(Path.GetFullPath(options.Home), options.Runtime, mode, options.InheritStreams, options.WithoutOverlay);
            await start.Channel.SendAsync(wanted, cancel).ConfigureAwait(false);
            ReadyMessage ready = await AnswerAsync<ReadyMessage>(start, cancel).ConfigureAwait(false);
            return new Keeper(start, options.InheritStreams, mode, ready, warning);
        }
        catch (IOException failure) // the socket broke: the process died, and what it wrote says why
        {
            ImageKitException died = await DiedAsync(start, failure).ConfigureAwait(false);
            start.Dispose();
            throw died;
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }

    /// <summary>Runs one command in one root filesystem, and makes a layer of what it changed if asked to.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="output">Receives what the command writes, as it comes, on another thread.</param>
    /// <param name="signals">Hands signals to the command while it runs; null for none.</param>
    /// <param name="cancel">Kills the command and all its processes.</param>
    /// <exception cref="ImageKitException">
    /// A layer is missing (IK5005), a root filesystem cannot be put together (IK5006), the runtime fails (IK5007), the keeper died (IK5003), the
    /// command wants ids that there are not (IK5010) or a terminal where there is none (IK5011).
    /// </exception>
    public async Task<RunResult> RunAsync(
        RunRequest request, IProgress<RunOutput>? output = null, CommandSignals? signals = null, CancellationToken cancel = default)
    {
        if (request.Arguments.IsDefaultOrEmpty) throw new ArgumentException("There is no command to run.", nameof(request));
        if (request.Streams != RunStreams.Captured && !_inherits) throw new ArgumentException("The keeper was not started with the caller's streams.", nameof(request));
        try
        {
            return (await AskAsync(Question, output, cancel).ConfigureAwait(false))!;
        }
        finally
        {
            signals?.Connect(null);
        }

        RunMessage Question(int id)
        {
            signals?.Connect(signal => _ = SendLateAsync(new SignalMessage(id, signal)));
            return new(id, request);
        }
    }

    /// <summary>Sees that layers of the store are unpacked, so that a later run need not wait for it.</summary>
    /// <exception cref="ImageKitException">A layer is missing (IK5005), or the keeper died (IK5003).</exception>
    public Task UnpackAsync(ImmutableArray<Digest> layers, CancellationToken cancel = default) =>
        AskAsync(id => new UnpackMessage(id, layers), null, cancel);

    /// <summary>Deletes paths below <see cref="KeeperOptions.Home"/>, which may belong to ids that exist only inside; missing ones are no error.</summary>
    /// <exception cref="ImageKitException">A path cannot be deleted (IK5008), or the keeper died (IK5003).</exception>
    public Task RemoveAsync(ImmutableArray<string> paths, CancellationToken cancel = default) =>
        AskAsync(id => new RemoveMessage(id, paths), null, cancel);

    /// <summary>Ends the keeper, and with it whatever still runs in it.</summary>
    public async ValueTask DisposeAsync()
    {
        _start.Channel.Dispose();
        await _receiving.ConfigureAwait(false);
        await Task.Run(_start.Dispose).ConfigureAwait(false);
    }

    private static async Task<(KeeperMode Mode, string? Warning)> MapAsync(KeeperStart start, CancellationToken cancel)
    {
        await AnswerAsync<UnsharedMessage>(start, cancel).ConfigureAwait(false);
        (KeeperMode mode, string reason) = await IdentityMap.MapAsync(start.Process.Id, cancel).ConfigureAwait(false);
        await start.Channel.SendAsync(new MappedMessage(), cancel).ConfigureAwait(false);
        return (mode, mode == KeeperMode.SubordinateIds ? null
            : $"Only one user id is to be had in RUN, because {reason}: commands that change owners, such as apt-get or useradd, fail. "
              + "Install uidmap and give the user a row in /etc/subuid and /etc/subgid.");
    }

    private static async Task<T> AnswerAsync<T>(KeeperStart start, CancellationToken cancel)
        where T : KeeperMessage => await start.Channel.ReceiveMessageAsync(cancel).ConfigureAwait(false) switch
        {
            T expected => expected,
            FailedMessage failed => throw ToException(failed),
            _ => throw await DiedAsync(start, null).ConfigureAwait(false),
        };

    private static async Task<ImageKitException> DiedAsync(KeeperStart start, Exception? inner)
    {
        using CancellationTokenSource soon = new(TimeSpan.FromSeconds(2));
        try
        {
            await start.Process.WaitForExitAsync(soon.Token).ConfigureAwait(false); // so that all it wrote has been read
        }
        catch (OperationCanceledException) // it hangs: what it wrote so far must do
        {
        }
        string errors = start.Errors;
        return errors.Contains("unshare failed", StringComparison.Ordinal)
            ? new ImageKitException("IK5002", "Cannot make the Linux namespaces in which commands run.", errors,
                "Run as root, or let ordinary users make user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, AppArmor's restriction); in a container, allow mounts and unshare.", inner)
            : new ImageKitException("IK5003", "The keeper, ImageKit's helper process for commands, ended unexpectedly.", errors,
                "Try again; if it happens again, report it with this text.", inner);
    }

    private static ImageKitException ToException(FailedMessage failed) => new(failed.Code, failed.What, failed.Why, failed.Mend);

    private async Task<RunResult?> AskAsync(Func<int, KeeperMessage> question, IProgress<RunOutput>? output, CancellationToken cancel)
    {
        int id = Interlocked.Increment(ref _lastId);
        Pending pending = _pending[id] = new Pending(output);
        try
        {
            cancel.ThrowIfCancellationRequested();
            if (_gone) throw await DiedAsync(_start, null).ConfigureAwait(false);
            await _start.Channel.SendAsync(question(id), cancel).ConfigureAwait(false);
            await using (cancel.Register(() => _ = CancelAsync(id, pending)).ConfigureAwait(false))
            {
                return await pending.Answer.Task.ConfigureAwait(false);
            }
        }
        catch (IOException failure) // the socket broke while sending
        {
            throw await DiedAsync(_start, failure).ConfigureAwait(false);
        }
        catch (ImageKitException) when (cancel.IsCancellationRequested) // the keeper's report of the kill we asked for
        {
            throw new OperationCanceledException(cancel);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    // A keeper that cannot stop its command is stuck itself: its end is the command's.
    private async Task CancelAsync(int id, Pending pending)
    {
        await SendLateAsync(new CancelMessage(id)).ConfigureAwait(false);
        Task first = await Task.WhenAny(pending.Answer.Task, Task.Delay(Patience)).ConfigureAwait(false);
        if (first != pending.Answer.Task) _start.Kill();
    }

    // What comes too late for a command does nothing.
    private async Task SendLateAsync(KeeperMessage message)
    {
        try
        {
            await _start.Channel.SendAsync(message, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException) // gone already, and the command with it
        {
        }
    }

    private async Task ReceiveAsync()
    {
        while (await _start.Channel.ReceiveAsync(CancellationToken.None).ConfigureAwait(false) is Frame frame) Deliver(frame);
        _gone = true;
        ImageKitException died = await DiedAsync(_start, null).ConfigureAwait(false);
        foreach (Pending pending in _pending.Values) pending.Answer.TrySetException(died);
    }

    // The socket says when the keeper ends, unless a program that another thread started just then inherited its end too.
    private async Task WatchAsync()
    {
        await _start.Process.WaitForExitAsync().ConfigureAwait(false);
        await Task.Delay(LastWords).ConfigureAwait(false);
        _start.Channel.Dispose();
    }

    private void Deliver(Frame frame)
    {
        switch (frame.Message)
        {
            case null when _pending.TryGetValue(frame.RunId, out Pending? running):
                running.Output?.Report(frame.Output);
                break;
            case DoneMessage done when _pending.TryGetValue(done.Id, out Pending? asked):
                asked.Answer.TrySetResult(done.Result);
                break;
            case FailedMessage failed when _pending.TryGetValue(failed.Id, out Pending? asked):
                asked.Answer.TrySetException(ToException(failed));
                break;
        }
    }

    private sealed record Pending(IProgress<RunOutput>? Output)
    {
        public TaskCompletionSource<RunResult?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
