using System.Collections.Immutable;
using ImageKit.Caching;
using ImageKit.Oci;
using ImageKit.Operations;
using ImageKit.Sandbox;
using ImageKit.Snapshots;
using ImageKit.Solving;

namespace ImageKit.Tests;

/// <summary>The solver, on operations made for these tests.</summary>
internal sealed class SolverTests
{
    private readonly string _home = Path.Combine(Path.GetTempPath(), "imagekit-tests", Guid.NewGuid().ToString("N"));
    private Stores _stores = null!;

    [SetUp]
    public void Open() => _stores = Stores.Open(_home);

    [TearDown]
    public void Close()
    {
        _stores.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Test]
    public async Task What_does_not_depend_on_each_other_runs_at_once()
    {
        TaskCompletionSource first = new(), second = new();
        ProbeOperation a = new(new ScratchOperation(), "a", async () => { first.SetResult(); await second.Task; });
        ProbeOperation b = new(new ScratchOperation(), "b", async () => { second.SetResult(); await first.Task; });
        Assert.That(await SolveAsync([a, b]).WaitAsync(TimeSpan.FromSeconds(20)), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task No_more_run_at_once_than_the_width_allows()
    {
        int running = 0, most = 0;
        Operation[] many = [.. Enumerable.Range(0, 12).Select(i => new ProbeOperation(new ScratchOperation(), $"{i}", async () =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Delay(20);
            Interlocked.Decrement(ref running);
        }))];
        await SolveAsync([.. many], new SolverOptions { Width = 3 });
        Assert.That(most, Is.LessThanOrEqualTo(3));
    }

    [Test]
    public async Task A_node_that_two_need_runs_once_and_so_do_equal_keys()
    {
        int runs = 0;
        ProbeOperation shared = new(new ScratchOperation(), "shared", () => Count(ref runs));
        ProbeOperation equal = new(new ScratchOperation(), "shared", () => Count(ref runs));
        ImmutableArray<Snapshot> solved = await SolveAsync([new ProbeOperation(shared, "x", () => Task.CompletedTask), new ProbeOperation(shared, "y", () => Task.CompletedTask), equal]);
        Assert.That(runs, Is.EqualTo(1));
        Assert.That(solved[2].Layers[0].DiffId, Is.EqualTo(solved[0].Layers[0].DiffId));
    }

    [Test]
    public async Task The_first_failure_stops_the_rest_and_says_where()
    {
        TaskCompletionSource started = new();
        BuildStep step = new(1, "[1/1] RUN false", 3) { File = "Dockerfile" };
        ProbeOperation failing = new(new ScratchOperation(), "bad", async () => { await started.Task; throw new BuildException("IK4001", "It failed."); }) { Step = step };
        bool stopped = false;
        ProbeOperation endless = new(new ScratchOperation(), "endless", () => Task.CompletedTask)
        {
            Work = async cancel =>
            {
                started.SetResult();
                try
                {
                    await Task.Delay(Timeout.Infinite, cancel);
                }
                finally
                {
                    stopped = true;
                }
            },
        };
        BuildException failure = (await Assert.ThrowsAsync<BuildException>(() => SolveAsync([endless, new ProbeOperation(failing, "after", () => throw new AssertionException("ran"))])))!;
        Assert.Multiple(() =>
        {
            Assert.That((failure.Code, failure.Step, failure.File), Is.EqualTo(("IK4001", step, "Dockerfile")));
            Assert.That(stopped, Is.True, "nothing runs on");
        });
    }

    [Test]
    public async Task A_cancelled_build_ends_as_cancelled_with_the_callers_token()
    {
        using CancellationTokenSource source = new();
        ProbeOperation endless = new(new ScratchOperation(), "endless", () => Task.CompletedTask) { Work = cancel => { source.Cancel(); return Task.Delay(Timeout.Infinite, cancel); } };
        OperationCanceledException e = (await Assert.CatchAsync<OperationCanceledException>(() => SolveAsync([endless], cancel: source.Token)))!;
        Assert.That(e.CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public async Task A_result_is_found_by_the_next_solver()
    {
        int runs = 0;
        ProbeOperation Operation() => new(new ScratchOperation(), "kept", () => Count(ref runs));
        await SolveAsync([Operation()]);
        await SolveAsync([Operation()]);
        Assert.That(runs, Is.EqualTo(1));
        await SolveAsync([Operation()], new SolverOptions { NoCache = true });
        Assert.That(runs, Is.EqualTo(2));
    }

    private static Task Count(ref int runs)
    {
        Interlocked.Increment(ref runs);
        return Task.CompletedTask;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = target; value > seen; seen = target) Interlocked.CompareExchange(ref target, value, seen);
    }

    private async Task<ImmutableArray<Snapshot>> SolveAsync(ImmutableArray<Operation> roots, SolverOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new();
        await using LazyKeeper keeper = new(new KeeperOptions { Home = _home }, null);
        OperationContext context = new()
        {
            Snapshots = new(_stores.Layers, new LayerFetcher(_stores.Layers, _stores.Images, null), new ContentKeyMemo(_stores.ContentKeys)),
            Layers = _stores.Layers,
            Keeper = keeper,
            Scratch = _stores.Scratch,
            CacheMounts = _stores.CacheMounts,
        };
        using Solver solver = new(context, new LayerSolver(context, new ResultCache(_stores.Results), options), options);
        return await solver.SolveAsync(roots, cancel);
    }

    private sealed record ProbeOperation(Operation Base, string Name, Func<Task> Run) : LayerOperation
    {
        public Func<CancellationToken, Task>? Work { get; init; }

        public override ImmutableArray<Operation> Inputs => [Base];

        protected internal override async ValueTask<bool> TryWriteKeyAsync(KeyWriter key, ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
        {
            key.Tag("probe").Text("name", Name).Content("base", await inputs[0].GetContentKeyAsync(cancel));
            return true;
        }

        protected internal override async Task<LayerResult> RunAsync(ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
        {
            if (Work is not null) await Work(cancel);
            await Run();
            PendingLayer pending = await context.Layers.WriteAsync([new LayerItem(new TocEntry { Path = Name, Kind = EntryKind.Directory, Mode = 0x1ED })], null, cancel);
            return new(pending.Layer.DiffId, pending);
        }
    }
}
