using System.Collections.Immutable;

namespace ImageKit.Sandbox;

/// <summary>The mounts of a run, their sources made ready for as long as it takes.</summary>
internal sealed class RunMounts : IAsyncDisposable
{
    private readonly List<StackedRoot> _roots = [];

    private RunMounts()
    {
    }

    /// <summary>The mounts with their sources.</summary>
    public ImmutableArray<ReadyMount> Ready { get; private set; } = [];

    /// <summary>Makes them ready: stacks of layers are put together.</summary>
    /// <exception cref="ImageKitException">A layer is missing (IK5005), or a source is not there (IK5006).</exception>
    public static async Task<RunMounts> OpenAsync(RootStacks stacks, ImmutableArray<RunMount> wanted, CancellationToken cancel)
    {
        RunMounts mounts = new();
        try
        {
            foreach (RunMount mount in wanted) mounts.Ready = mounts.Ready.Add(await mounts.PrepareAsync(stacks, mount, cancel).ConfigureAwait(false));
            return mounts;
        }
        catch
        {
            await mounts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes the stacks away again, with what was written to them.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (StackedRoot root in _roots) await root.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ReadyMount> PrepareAsync(RootStacks stacks, RunMount mount, CancellationToken cancel)
    {
        switch (mount)
        {
            case BindMount bind:
                return new ReadyMount(bind, Existing(bind.Source, bind.Source), bind.ReadOnly);
            case LayersMount layers:
                StackedRoot root = await stacks.OpenAsync(layers.Layers, cancel).ConfigureAwait(false);
                _roots.Add(root);
                string inside = RootPath.Resolve(root.Path, layers.Source) ?? throw Missing(layers.Source);
                return new ReadyMount(layers, Existing(inside.Length == 0 ? root.Path : Path.Combine(root.Path, inside), layers.Source), layers.ReadOnly);
            default:
                return new ReadyMount(mount, null, ReadOnly: false);
        }
    }

    private static string Existing(string path, string named) => Path.Exists(path) ? path : throw Missing(named);

    private static ImageKitException Missing(string source) =>
        new("IK5006", $"'{source}' cannot be mounted.", "It does not exist.", "Name a file or directory that does.");
}
