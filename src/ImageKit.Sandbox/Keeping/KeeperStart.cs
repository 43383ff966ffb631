using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ImageKit.Sandbox;

/// <summary>A keeper's process and socket, before anything was asked of it.</summary>
internal sealed class KeeperStart : IDisposable
{
    private const int LongestTail = 4096;
    private static readonly string[] Namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private", "--"];

    private readonly StringBuilder _errors = new();

    private KeeperStart(Process process, KeeperChannel channel) => (Process, Channel) = (process, channel);

    /// <summary>The `unshare` around the keeper.</summary>
    public Process Process { get; }

    /// <summary>Our end of the socket.</summary>
    public KeeperChannel Channel { get; }

    /// <summary>Starts the keeper in namespaces of its own: as root in a mount and a PID namespace, else in a user namespace too.</summary>
    /// <exception cref="ImageKitException">There is no `unshare` (IK5001), or it could not be started (IK5002).</exception>
    public static KeeperStart Launch(KeeperOptions options, KeeperProgram program, bool root)
    {
        string unshare = SearchPath.Find("unshare") ?? throw new ImageKitException("IK5001", "Cannot run commands: the program 'unshare' was not found.",
            "ImageKit makes Linux namespaces through it.", "Install util-linux.");
        (int ours, int theirs) = ConnectedSockets();
        string number = theirs.ToString(CultureInfo.InvariantCulture);
        string[] inside = [.. Namespaces, program.File, .. program.Prefix, KeeperProcess.ServeOption, number];
        string[] arguments = root ? inside : ["--user", "--", program.File, .. program.Prefix, KeeperProcess.MapOption, number, unshare, .. inside];
        bool captured = !options.InheritStreams;
        ProcessStartInfo start = new(unshare, arguments)
        {
            RedirectStandardInput = captured || options.EmptyInput,
            RedirectStandardOutput = captured,
            RedirectStandardError = captured,
        };
        // A keeper that is not native would leave its sockets for debuggers in /tmp when it is killed, or becomes a command.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        Process process = Process.Start(start)!;
        _ = Libc.close(theirs);
        if (options.EmptyInput) process.StandardInput.Close();
        KeeperStart launched = new(process, new KeeperChannel(ours));
        if (captured) launched.ReadTail();
        return launched;
    }

    /// <summary>What the keeper wrote to its standard error so far, the last 4 KiB.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString().Trim();
        }
    }

    /// <summary>Ends the keeper at once, and with it all below it.</summary>
    public void Kill()
    {
        try
        {
            Process.Kill();
        }
        catch (InvalidOperationException) // it has ended, or was never waited for longer than this object lives
        {
        }
    }

    /// <summary>Closes the socket, at which the keeper ends with all below it.</summary>
    public void Dispose()
    {
        Channel.Dispose();
        if (!Process.WaitForExit(TimeSpan.FromSeconds(5))) Process.Kill();
        Process.Dispose();
    }

    // Our end never gets into another process, so that the keeper sees its end with ours. The keeper's end is inherited from here until its process
    // was started; a child that another thread starts in between holds it too, which is why the keeper's end is seen by its process as well.
    private static unsafe (int Ours, int Theirs) ConnectedSockets()
    {
        int* descriptors = stackalloc int[2];
        if (Libc.socketpair(Libc.UnixFamily, Libc.StreamSocketCloseOnExec, 0, descriptors) != 0) throw PosixCall.Failed("socketpair");
        _ = Libc.fcntl(descriptors[1], Libc.SetDescriptorFlags, 0);
        return (descriptors[0], descriptors[1]);
    }

    private void ReadTail()
    {
        Process.StandardInput.Close();
        Process.OutputDataReceived += (_, line) => Remember(line.Data);
        Process.ErrorDataReceived += (_, line) => Remember(line.Data);
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    private void Remember(string? line)
    {
        lock (_errors)
        {
            _errors.Append(line).Append('\n');
            if (_errors.Length > LongestTail) _errors.Remove(0, _errors.Length - LongestTail);
        }
    }
}
