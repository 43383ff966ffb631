using System.Collections.Concurrent;
using System.Collections.Immutable;
using ImageKit.Caching;
using ImageKit.Oci;
using ImageKit.Operations;
using ImageKit.Snapshots;

namespace ImageKit.Solving;

/// <summary>Finds or makes the layer of an operation: one task a content key, so that equal operations of stages and platforms run once.</summary>
internal sealed class LayerSolver(OperationContext context, ResultCache cache, SolverOptions options)
{
    private readonly ConcurrentDictionary<Hash256, Lazy<Task<SolvedLayer>>> _keys = new();

    public async Task<SolvedLayer> SolveAsync(LayerOperation node, ImmutableArray<Snapshot> inputs, CancellationToken cancel)
    {
        if (await KeyAsync(node, inputs, cancel).ConfigureAwait(false) is { } known)
            return await ShareAsync(known, () => FindOrRunAsync(node, inputs, known, cancel)).ConfigureAwait(false);
        if (await ReadIfMadeBeforeAsync(node, inputs, cancel).ConfigureAwait(false) is { } read)
            return await ShareAsync(read, () => FindOrRunAsync(node, inputs, read, cancel)).ConfigureAwait(false);
        // Files that were not read before: they are read once, for the key and the layer. If the key then hits, the layer is dropped.
        LayerResult made = await node.RunAsync(inputs, context, cancel).ConfigureAwait(false);
        await using (made.ConfigureAwait(false))
        {
            OperationKey late = await KeyAsync(node, inputs, cancel).ConfigureAwait(false)
                ?? throw new BuildException("IK4032", "A file of the build context changed while it was read.", "", "Build again when nothing writes to the context.");
            return await ShareAsync(late, () => FindOrKeepAsync(node, inputs, late, made, cancel)).ConfigureAwait(false);
        }
    }

    private async Task<SolvedLayer> ShareAsync(OperationKey key, Func<Task<SolvedLayer>> work)
    {
        Lazy<Task<SolvedLayer>> mine = new(work);
        Lazy<Task<SolvedLayer>> shared = _keys.GetOrAdd(key.Hash, mine);
        SolvedLayer solved = await shared.Value.ConfigureAwait(false);
        return ReferenceEquals(shared, mine) ? solved : solved with { Cached = true };
    }

    private async Task<OperationKey?> KeyAsync(LayerOperation node, ImmutableArray<Snapshot> inputs, CancellationToken cancel)
    {
        using KeyWriter writer = new();
        return await node.TryWriteKeyAsync(writer, inputs, context, cancel).ConfigureAwait(false) ? new(writer.Finish(), writer.Parts) : null;
    }

    private static async Task<OperationKey?> ShapeAsync(LayerOperation node, ImmutableArray<Snapshot> inputs, CancellationToken cancel)
    {
        using KeyWriter writer = new();
        return await node.TryWriteShapeAsync(writer, inputs, cancel).ConfigureAwait(false) ? new(writer.Finish(), writer.Parts) : null;
    }

    private async Task<OperationKey?> ReadIfMadeBeforeAsync(LayerOperation node, ImmutableArray<Snapshot> inputs, CancellationToken cancel)
    {
        if (options.NoCache || await ShapeAsync(node, inputs, cancel).ConfigureAwait(false) is not { } shape) return null;
        if (await FindAsync(shape, cancel).ConfigureAwait(false) is null) return null;
        await node.ReadFilesAsync(inputs, cancel).ConfigureAwait(false);
        return await KeyAsync(node, inputs, cancel).ConfigureAwait(false);
    }

    private async Task<SolvedLayer> FindOrRunAsync(LayerOperation node, ImmutableArray<Snapshot> inputs, OperationKey key, CancellationToken cancel)
    {
        if (await FindAsync(key, cancel).ConfigureAwait(false) is { } found) return found;
        Explain(node, key);
        LayerResult made = await node.RunAsync(inputs, context, cancel).ConfigureAwait(false);
        await using (made.ConfigureAwait(false))
            return await KeepAsync(node, inputs, key, made, cancel).ConfigureAwait(false);
    }

    private async Task<SolvedLayer> FindOrKeepAsync(LayerOperation node, ImmutableArray<Snapshot> inputs, OperationKey key, LayerResult made, CancellationToken cancel)
    {
        if (await FindAsync(key, cancel).ConfigureAwait(false) is { } found) return found;
        Explain(node, key);
        return await KeepAsync(node, inputs, key, made, cancel).ConfigureAwait(false);
    }

    private void Explain(LayerOperation node, OperationKey key)
    {
        if (options.Explain && node.Step is not null && cache.Explain(key.Parts) is { } why)
            context.Progress?.Report(new Warning($"{node.Step.Name} is not cached: {why}"));
    }

    private async Task<SolvedLayer?> FindAsync(OperationKey key, CancellationToken cancel)
    {
        if (options.NoCache || await cache.FindAsync(key.Hash, cancel).ConfigureAwait(false) is not { } result || !context.Snapshots.Contains(result.DiffId)) return null;
        return new(result.DiffId, Cached: true);
    }

    private async Task<SolvedLayer> KeepAsync(LayerOperation node, ImmutableArray<Snapshot> inputs, OperationKey key, LayerResult made, CancellationToken cancel)
    {
        await made.KeepAsync(cancel).ConfigureAwait(false);
        if (made.Pending is { } written) context.Snapshots.Adopt(written.Layer);
        await cache.StoreAsync(key.Hash, new(made.DiffId, node.Step?.Name ?? "", key.Parts), cancel).ConfigureAwait(false);
        if (await ShapeAsync(node, inputs, cancel).ConfigureAwait(false) is { } shape)
            await cache.StoreAsync(shape.Hash, new(made.DiffId, node.Step?.Name ?? "", shape.Parts), cancel).ConfigureAwait(false);
        return new(made.DiffId, Cached: false);
    }

    private sealed record OperationKey(Hash256 Hash, ImmutableArray<KeyPart> Parts);
}

/// <summary>The layer of an operation.</summary>
/// <param name="DiffId">The layer.</param>
/// <param name="Cached">Whether it was there before.</param>
internal sealed record SolvedLayer(Digest DiffId, bool Cached);
