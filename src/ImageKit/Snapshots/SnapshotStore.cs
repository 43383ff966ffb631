using System.Collections.Concurrent;
using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Snapshots;

/// <summary>
/// Reads stacks of layers as trees. A layer's table of contents is read once, each stack is merged once and shares all that it has in
/// common with the stack below it; content keys are remembered on disk, so that an unchanged build reads no table of contents at all.
/// </summary>
internal sealed class SnapshotStore(LayerStore layers, LayerFetcher fetcher, ContentKeyMemo memo)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Tree>>> _trees = new(StringComparer.Ordinal);

    /// <summary>The empty root filesystem.</summary>
    public LayeredSnapshot Empty => new(this, []);

    /// <summary>The merged files of a stack.</summary>
    public async ValueTask<Tree> GetTreeAsync(ImmutableArray<SnapshotLayer> stack, CancellationToken cancel)
    {
        if (stack.IsEmpty) return Tree.Empty;
        // The first to ask starts the work with its own token; when that is cancelled, the whole build is.
        Lazy<Task<Tree>> tree = _trees.GetOrAdd(SnapshotLayer.ChainKey(stack), _ => new(() => MergeAsync(stack, cancel)));
        return await tree.Value.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>What the files of a stack are, without any time.</summary>
    public async ValueTask<Hash256> GetContentKeyAsync(ImmutableArray<SnapshotLayer> stack, CancellationToken cancel)
    {
        if (stack.IsEmpty) return Tree.Empty.ContentKey;
        string chain = SnapshotLayer.ChainKey(stack);
        if (memo.Find(chain) is { } known) return known;
        Hash256 key = (await GetTreeAsync(stack, cancel).ConfigureAwait(false)).ContentKey;
        memo.Remember(chain, key);
        return key;
    }

    /// <summary>Whether the layer store has a layer, by a look at the disk alone. Being found counts as being used.</summary>
    public bool Contains(Digest diffId)
    {
        string toc = layers.Paths(diffId).Toc;
        if (!File.Exists(toc)) return false;
        try
        {
            File.SetLastWriteTimeUtc(toc, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // just being pruned, or another user's
        {
            return File.Exists(toc);
        }
        return true;
    }

    /// <summary>Takes over a layer that was just made, so that its table of contents need not be read again.</summary>
    public void Adopt(Layer layer) => fetcher.Adopt(layer);

    /// <summary>Makes sure that the layer store has all layers of a stack, so that they can be mounted.</summary>
    public Task EnsureAsync(ImmutableArray<SnapshotLayer> stack, CancellationToken cancel) =>
        Task.WhenAll(stack.Select(layer => fetcher.GetAsync(layer, cancel)));

    private async Task<Tree> MergeAsync(ImmutableArray<SnapshotLayer> stack, CancellationToken cancel)
    {
        Task<Layer> top = fetcher.GetAsync(stack[^1], cancel);
        Tree below = await GetTreeAsync(stack.RemoveAt(stack.Length - 1), cancel).ConfigureAwait(false);
        Layer layer = await top.ConfigureAwait(false);
        return below.Apply(layer.Toc, layers.Origin(layer.DiffId));
    }
}
