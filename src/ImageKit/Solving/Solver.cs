using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using ImageKit.Oci;
using ImageKit.Operations;
using ImageKit.Snapshots;

namespace ImageKit.Solving;

/// <summary>
/// Solves a graph of operations: each node once, what does not depend on each other at the same time, with a bounded width. The first
/// failure stops the rest. Knows nothing of what the operations do.
/// </summary>
internal sealed class Solver(OperationContext context, LayerSolver layers, SolverOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<Operation, Lazy<Task<Snapshot>>> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<StepResult> _steps = new();
    private readonly SemaphoreSlim _width = new(options.Width);

    /// <summary>How the steps went, by number.</summary>
    public ImmutableArray<StepResult> Steps => [.. _steps.OrderBy(result => result.Step.Number)];

    /// <summary>Solves some nodes and all they need.</summary>
    /// <returns>The results, in the order of <paramref name="roots"/>.</returns>
    public async Task<ImmutableArray<Snapshot>> SolveAsync(ImmutableArray<Operation> roots, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<Snapshot>[] tasks = [.. roots.Select(root => NodeAsync(root, stop))];
        await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Nothing may still run when the stores are closed.
        await Task.WhenAll(_nodes.Values.Select(node => (Task)node.Value)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        if (_nodes.Values.Select(node => node.Value).FirstOrDefault(task => task.IsFaulted) is { } failed) await failed.ConfigureAwait(false);
        return [.. await Task.WhenAll(tasks).ConfigureAwait(false)];
    }

    public void Dispose() => _width.Dispose();

    private Task<Snapshot> NodeAsync(Operation node, CancellationTokenSource stop) =>
        _nodes.GetOrAdd(node, _ => new(() => Task.Run(() => SolveNodeAsync(node, stop), CancellationToken.None))).Value;

    private async Task<Snapshot> SolveNodeAsync(Operation node, CancellationTokenSource stop)
    {
        Snapshot[] inputs = await Task.WhenAll(node.Inputs.Select(input => NodeAsync(input, stop))).ConfigureAwait(false);
        var watch = Stopwatch.StartNew();
        try
        {
            return await SolveWithAsync(node, [.. inputs], watch, stop.Token).ConfigureAwait(false);
        }
        catch (ImageKitException e) // says where it happened, and stops the others
        {
            if (node.Step is { } step && !stop.IsCancellationRequested) context.Progress?.Report(new StepFailed(step, watch.Elapsed, e.Message));
            await stop.CancelAsync().ConfigureAwait(false);
            if (node.Step is null) throw;
            if (e is ContentException) throw new BuildException(e.Code, e.What, e.Why, e.Mend, e).In(node.Step);
            if (e is BuildException { Step: null } build) throw build.In(node.Step);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // of the machine's files: says where, and stops the others
        {
            if (node.Step is { } step && !stop.IsCancellationRequested) context.Progress?.Report(new StepFailed(step, watch.Elapsed, e.Message));
            await stop.CancelAsync().ConfigureAwait(false);
            throw new BuildException("IK4041", IsDiskFull(e) ? "The disk is full." : "A file could not be read or written.", e.Message,
                IsDiskFull(e) ? "Make room ('imagekit prune' frees some), or set IMAGEKIT_HOME to another disk." : "Check its rights and the disk.", e).In(node.Step);
        }
    }

    private async Task<Snapshot> SolveWithAsync(Operation node, ImmutableArray<Snapshot> inputs, Stopwatch watch, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (node is SourceOperation source)
        {
            if (node.Step is not null) context.Progress?.Report(new StepStarted(node.Step));
            Snapshot opened = await source.OpenAsync(context, cancel).ConfigureAwait(false);
            Finish(node.Step, cached: false, watch.Elapsed, default);
            return opened;
        }
        await _width.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (node.Step is not null) context.Progress?.Report(new StepStarted(node.Step));
            SolvedLayer solved = await layers.SolveAsync((LayerOperation)node, inputs, cancel).ConfigureAwait(false);
            Finish(node.Step, solved.Cached, watch.Elapsed, solved.DiffId);
            return ((LayeredSnapshot)inputs[0]).With(solved.DiffId);
        }
        finally
        {
            _width.Release();
        }
    }

    private static bool IsDiskFull(Exception failure)
    {
        const int noSpace = 28; // ENOSPC, which .NET hands on as the HResult
        return failure.HResult == noSpace || failure is Posix.PosixException { Errno: Posix.Errno.ENOSPC };
    }

    private void Finish(BuildStep? step, bool cached, TimeSpan elapsed, Digest layer)
    {
        if (step is null) return;
        _steps.Enqueue(new(step, cached, elapsed, layer));
        context.Progress?.Report(cached ? new StepCached(step) : new StepCompleted(step, elapsed));
    }
}
