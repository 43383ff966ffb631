using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>What a keeper can do, with all that it holds for it.</summary>
internal sealed class KeeperWork : IDisposable
{
    private readonly string _home;
    private readonly KeeperMode _mode;
    private readonly KeeperFolder _folder;
    private readonly LayoutStore _images;
    private readonly LayerStore _layers;
    private readonly UnpackedLayers _unpacked;
    private readonly RootStacks _stacks;
    private readonly LayerCommit _commit;
    private readonly CommandRunner _runner;

    private KeeperWork(StartMessage start, KeeperFolder folder, ContainerRuntime runtime, string? warning)
    {
        (_home, _mode, _folder, RuntimeName) = (start.Home, start.Mode, folder, runtime.Name);
        _images = LayoutStore.Open(Path.Combine(_home, "images"));
        _layers = LayerStore.Open(Path.Combine(_home, "layers"), _images);
        LayerTrees trees = new(_layers);
        _unpacked = new UnpackedLayers(_layers, trees, folder, start.Mode);
        (_stacks, string? copying) = RootStacks.Create(_layers, trees, _unpacked, folder, start);
        _commit = new LayerCommit(_layers, trees, _unpacked, _stacks, start.Mode);
        _runner = new CommandRunner(folder, runtime, start.Mode);
        Warnings = [.. new[] { warning, copying }.OfType<string>()];
    }

    /// <summary>What runs the commands.</summary>
    public string RuntimeName { get; }

    /// <summary>What cannot be had here.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>Makes ready: sweeps what dead keepers left, and chooses a runtime.</summary>
    public static async Task<KeeperWork> StartAsync(StartMessage start, CancellationToken cancel)
    {
        if (start.Mode == KeeperMode.Root) CgroupLeftovers.Sweep();
        KeeperFolder folder = KeeperFolder.Create(start.Home);
        BuiltInRuntime builtIn = new(SearchPath.Find("unshare")!, KeeperProgram.OfThisProcess());
        RuntimeChoice choice = new(start.Home, folder, start.Mode, builtIn);
        (ContainerRuntime runtime, string? warning) = await choice.ChooseAsync(start.Runtime, cancel).ConfigureAwait(false);
        ControlGroups.PrepareFor(runtime.Name, start.Mode); // an earlier probe may have left it otherwise
        return new KeeperWork(start, folder, runtime, warning);
    }

    /// <summary>Runs a command.</summary>
    public async Task<RunResult> RunAsync(RunRequest request, Action<RunOutput> output, RunControl control)
    {
        CancellationToken cancel = control.Stopped;
        SingleId? single = _mode == KeeperMode.SingleId ? new SingleId() : null;
        if (single is not null) SingleId.Check(request);
        StackedRoot root = await _stacks.OpenAsync(request.Layers, cancel).ConfigureAwait(false);
        await using (root.ConfigureAwait(false))
        {
            RunMounts mounts = await RunMounts.OpenAsync(_stacks, request.Mounts, cancel).ConfigureAwait(false);
            int exitCode;
            await using (mounts.ConfigureAwait(false))
            {
                exitCode = await _runner.RunAsync(root, request, mounts.Ready, single is null ? output : output + single.Note, control).ConfigureAwait(false);
            }
            if (exitCode != 0 && request.Commit) single?.Explain(exitCode);
            Digest? made = request.Commit && exitCode == 0 ? await _commit.CommitAsync(root, request, cancel).ConfigureAwait(false) : null;
            return new RunResult(exitCode, made);
        }
    }

    /// <summary>Sees that layers are unpacked, where they are used unpacked.</summary>
    public async Task UnpackAsync(ImmutableArray<Digest> layers, CancellationToken cancel)
    {
        if (_stacks.HasOverlay) await _unpacked.EnsureAsync(layers, cancel).ConfigureAwait(false);
    }

    /// <summary>Deletes paths below ImageKit's folder.</summary>
    public void Remove(ImmutableArray<string> paths)
    {
        using DirectoryRoot home = DirectoryRoot.Open(_home);
        foreach (string path in paths)
        {
            string inside = Path.GetRelativePath(_home, Path.GetFullPath(path));
            if (inside is "." || inside.StartsWith("..", StringComparison.Ordinal))
            {
                throw new ImageKitException("IK5008", $"'{path}' cannot be deleted.", $"It is not below {_home}.", "");
            }
            home.Remove(inside);
        }
    }

    /// <summary>Leaves nothing behind.</summary>
    public void Dispose()
    {
        _layers.Dispose();
        _images.Dispose();
        _folder.Dispose();
    }
}
