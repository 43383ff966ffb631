using System.Text;

namespace ImageKit.Sandbox;

/// <summary>Runs one request from its root filesystem to its exit code.</summary>
internal sealed class CommandRunner(KeeperFolder folder, ContainerRuntime runtime, KeeperMode mode)
{
    private readonly NetworkFiles _network = new(folder.Path);

    /// <summary>Runs a command.</summary>
    /// <param name="root">Its root filesystem.</param>
    /// <param name="request">What to run.</param>
    /// <param name="mounts">The run's own mounts: each where, and which file or directory of the machine, or null for memory.</param>
    /// <param name="output">Receives what it writes.</param>
    /// <param name="control">Kills it, or hands signals to it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="ImageKitException">The sandbox cannot be made (IK5006, IK5007), or has a single id and the command changed owners (IK5010).</exception>
    public async Task<int> RunAsync(
        StackedRoot root, RunRequest request, IEnumerable<ReadyMount> mounts, Action<RunOutput> output, RunControl control)
    {
        MountPoints points = new(root.Path);
        RootFile.CheckAccounts(root.Path);
        string place = folder.Next();
        try
        {
            foreach (string name in (string[])["/proc", "/dev", "/sys"]) points.Make(name, file: false);
            SpecMount[] specs =
            [
                .. _network.For(request.Hostname).Select(file => Bind(points, file.Target, file.Source, readOnly: true)),
                .. mounts.Select(mount => mount.Source is { } source ? Bind(points, mount.Mount.Target, source, mount.ReadOnly) : Memory(points, (TemporaryMount)mount.Mount)),
            ];
            MakeWorkingDirectory(root.Path, request.WorkingDirectory);
            (int refused, string message) = ProgramLookup.Check(root.Path, request);
            if (refused != 0)
            {
                output(new RunOutput(Error: true, Encoding.UTF8.GetBytes(message)));
                return refused;
            }
            string id = folder.ContainerId(place);
            RunBundle bundle = new(place, id, BundleSpec.Of(HomeVariable.AddTo(request, root.Path), root.Path, specs, id, mode));
            bundle.Write();
            return await RunAsync(bundle, request, output, control).ConfigureAwait(false);
        }
        finally
        {
            points.Remove();
            folder.RemoveLater(place);
        }
    }

    private async Task<int> RunAsync(RunBundle bundle, RunRequest request, Action<RunOutput> output, RunControl control)
    {
        using OwnerWatch? owners = mode == KeeperMode.SingleId && request.Commit ? new OwnerWatch() : null;
        int exitCode = await CommandRun.RunAsync(runtime, bundle, request.Streams == RunStreams.Captured ? output : null, control, owners).ConfigureAwait(false);
        if (control.EndedBy is > 0 and int signal) return 128 + signal;
        if (owners?.End() is { } wanted) throw SingleId.Owners(wanted.Uid, wanted.Gid);
        string failure = exitCode == 0 ? "" : bundle.ReadFailure();
        if (failure.Length == 0) return exitCode;
        (int code, bool ofCommand) = Classify(failure);
        if (!ofCommand) throw new ImageKitException("IK5007", $"The command could not be started by {runtime.Name}.", failure, "Try another one with --runtime.");
        output(new RunOutput(Error: true, Encoding.UTF8.GetBytes($"exec: \"{request.Arguments[0]}\": {failure}\n")));
        return code;
    }

    // What runtimes say about the program itself, in their own words.
    private static (int Code, bool OfCommand) Classify(string failure)
    {
        bool Says(string words) => failure.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (Says("executable file") && Says("not found")) return (ProgramLookup.NotFound, true);
        bool exec = Says("exec");
        if (exec && Says("no such file or directory")) return (ProgramLookup.NotFound, true);
        return (ProgramLookup.NotExecutable, exec && (Says("permission denied") || Says("exec format error") || Says("is a directory")));
    }

    private static void MakeWorkingDirectory(string root, string directory)
    {
        string inside = RootPath.Resolve(root, directory)
            ?? throw new ImageKitException("IK5006", $"The working directory '{directory}' cannot be entered.", "Its links turn in a circle.", "Choose another WORKDIR.");
        try
        {
            Directory.CreateDirectory(Path.Combine(root, inside));
        }
        catch (IOException failure) // a file stands in its way
        {
            throw new ImageKitException("IK5006", $"The working directory '{directory}' cannot be made.", failure.Message, "Choose another WORKDIR.", failure);
        }
    }

    private static SpecMount Bind(MountPoints points, string target, string source, bool readOnly) =>
        new(points.Make(target, file: !Directory.Exists(source)), "bind", source, readOnly ? ["rbind", "nosuid", "nodev", "ro"] : ["rbind", "rw"]);

    private static SpecMount Memory(MountPoints points, TemporaryMount mount)
    {
        string mode = "mode=" + Convert.ToString(mount.Mode, 8);
        return new(points.Make(mount.Target, file: false, mount.Mode), "tmpfs", "tmpfs",
            mount.Bytes > 0 ? ["nosuid", "nodev", mode, $"size={mount.Bytes}"] : ["nosuid", "nodev", mode]);
    }
}

/// <summary>A mount whose source is ready on the machine.</summary>
/// <param name="Mount">What was asked for.</param>
/// <param name="Source">The file or directory; null for memory.</param>
/// <param name="ReadOnly">Whether writing is refused.</param>
internal readonly record struct ReadyMount(RunMount Mount, string? Source, bool ReadOnly);
