using System.Collections.Concurrent;
using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Sandbox;

/// <summary>The merged trees of stacks of layers, each made once out of the one below it, so that a long chain of runs reads each layer's table once.</summary>
internal sealed class LayerTrees(LayerStore store)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Tree>>> _trees = new();

    /// <summary>The merged tree of a stack.</summary>
    /// <exception cref="ImageKitException">A layer is not in the store (IK5005).</exception>
    public Task<Tree> MergeAsync(ImmutableArray<Digest> layers)
    {
        if (layers.IsEmpty) return Task.FromResult(Tree.Empty);
        // Not by the caller's token: others wait for the same tree.
        return _trees.GetOrAdd(string.Join(' ', layers), _ => new(() => Task.Run(() => ApplyAsync(layers)))).Value;
    }

    private async Task<Tree> ApplyAsync(ImmutableArray<Digest> layers)
    {
        Tree below = await MergeAsync(layers[..^1]).ConfigureAwait(false);
        Layer top = await FindAsync(store, layers[^1], CancellationToken.None).ConfigureAwait(false);
        return below.Apply(top.Toc, store.Origin(top.DiffId));
    }

    /// <summary>A layer of the store.</summary>
    /// <exception cref="ImageKitException">It is not there (IK5005).</exception>
    public static async Task<Layer> FindAsync(LayerStore store, Digest diffId, CancellationToken cancel) =>
        await store.FindAsync(diffId, cancel).ConfigureAwait(false)
            ?? throw new ImageKitException("IK5005", $"The layer {diffId} of the root filesystem is not in the store.", "", "Pull or build the image again.");
}
