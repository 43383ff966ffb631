using ImageKit.Caching;
using ImageKit.Contexts;
using ImageKit.Lowering;
using ImageKit.Oci;
using ImageKit.Operations;
using ImageKit.Registry;
using ImageKit.Resolving;
using ImageKit.Sandbox;
using ImageKit.Snapshots;
using ImageKit.Solving;

namespace ImageKit;

/// <summary>What one build works with: stores, registries, the keeper, the clock. Disposing it ends every process it started.</summary>
internal sealed class BuildSession : IAsyncDisposable
{
    private readonly LazyKeeper _keeper;

    public BuildSession(ImageKitOptions options, DockerfileBuild build, RegistryClient registry, BuildReport report)
    {
        (Registry, Report, Time) = (registry, report, options.Time);
        Stores = Stores.Open(options.HomeFolder);
        Fetcher = new(Stores.Layers, Stores.Images, report);
        KeeperOptions keeper = new() { Home = Stores.Home, Runtime = build.Runtime ?? options.Runtime, KeeperPath = options.KeeperPath };
        _keeper = new(keeper, report);
        Context = new()
        {
            Snapshots = new(Stores.Layers, Fetcher, new ContentKeyMemo(Stores.ContentKeys)),
            Layers = Stores.Layers,
            Keeper = _keeper,
            Scratch = Stores.Scratch,
            CacheMounts = Stores.CacheMounts,
            Progress = report,
        };
        SolverOptions solver = new() { NoCache = build.NoCache, Explain = build.ExplainCache };
        if (options.Parallelism > 0) solver = solver with { Width = options.Parallelism };
        Solver = new(Context, new LayerSolver(Context, new ResultCache(Stores.Results), solver), solver);
        Opener = new(Stores.Stats, options.Time);
        Finder = new(Stores.Images, registry, Stores.Names, build.Pull);
        Names = new(Finder, new Dictionary<string, string>(build.Contexts), Opener);
    }

    public Stores Stores { get; }

    public RegistryClient Registry { get; }

    public BuildReport Report { get; }

    public TimeProvider Time { get; }

    public LayerFetcher Fetcher { get; }

    public OperationContext Context { get; }

    public Solver Solver { get; }

    public ContextOpener Opener { get; }

    public ImageFinder Finder { get; }

    public NameResolver Names { get; }

    public async ValueTask DisposeAsync()
    {
        await Names.DisposeAsync().ConfigureAwait(false);
        await _keeper.DisposeAsync().ConfigureAwait(false);
        Solver.Dispose();
        Stores.Dispose();
    }
}
