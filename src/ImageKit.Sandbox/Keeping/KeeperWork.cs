using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Sandbox;

/// <summary>What a keeper can do, with all that it holds for it.</summary>
internal sealed class KeeperWork : IDisposable
{
    private readonly string _home;
    private readonly KeeperFolder _folder;
    private readonly CommandRunner _runner;

    private KeeperWork(string home, KeeperFolder folder, KeeperMode mode, ContainerRuntime runtime)
    {
        (_home, _folder, RuntimeName) = (home, folder, runtime.Name);
        _runner = new CommandRunner(folder, runtime, mode);
    }

    /// <summary>What runs the commands.</summary>
    public string RuntimeName { get; }

    /// <summary>What cannot be had here.</summary>
    public ImmutableArray<string> Warnings { get; private init; } = [];

    /// <summary>Makes ready: sweeps what dead keepers left, and chooses a runtime.</summary>
    public static async Task<KeeperWork> StartAsync(StartMessage start, CancellationToken cancel)
    {
        if (start.Mode == KeeperMode.Root) CgroupLeftovers.Sweep();
        KeeperFolder folder = KeeperFolder.Create(start.Home);
        BuiltInRuntime builtIn = new(SearchPath.Find("unshare")!, KeeperProgram.OfThisProcess());
        RuntimeChoice choice = new(start.Home, folder, start.Mode, builtIn);
        (ContainerRuntime runtime, string? warning) = await choice.ChooseAsync(start.Runtime, cancel).ConfigureAwait(false);
        ControlGroups.PrepareFor(runtime.Name, start.Mode); // an earlier probe may have left it otherwise
        return new KeeperWork(start.Home, folder, start.Mode, runtime) { Warnings = warning is null ? [] : [warning] };
    }

    /// <summary>Runs a command.</summary>
    public async Task<RunResult> RunAsync(RunMessage message, Action<RunOutput> output, CancellationToken cancel)
    {
        GivenRoot root = new(message.RootDirectory!);
        await using (root.ConfigureAwait(false))
        {
            int exitCode = await _runner.RunAsync(root, message.Request, [], output, cancel).ConfigureAwait(false);
            return new RunResult(exitCode, null);
        }
    }

    /// <summary>Sees that layers are unpacked.</summary>
    public Task UnpackAsync(ImmutableArray<Digest> layers, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Deletes paths below ImageKit's folder.</summary>
    public void Remove(ImmutableArray<string> paths)
    {
        foreach (string path in paths)
        {
            if (!Path.GetFullPath(path).StartsWith(_home + "/", StringComparison.Ordinal))
            {
                throw new ImageKitException("IK5008", $"'{path}' cannot be deleted.", $"It is not below {_home}.", "");
            }
            KeeperFolder.RemoveTree(path);
        }
    }

    /// <summary>Leaves nothing behind.</summary>
    public void Dispose() => _folder.Dispose();
}
