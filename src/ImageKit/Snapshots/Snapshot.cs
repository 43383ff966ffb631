using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Snapshots;

/// <summary>The files that an operation has made, or a source has brought. Immutable; the tree is read when it is asked for.</summary>
internal abstract class Snapshot
{
    /// <summary>The layers, lowest first; empty for a directory of the machine, which has none.</summary>
    public virtual ImmutableArray<SnapshotLayer> Layers => [];

    /// <summary>The merged files.</summary>
    public abstract ValueTask<Tree> GetTreeAsync(CancellationToken cancel);

    /// <summary>What the files are, without any time.</summary>
    public abstract ValueTask<Hash256> GetContentKeyAsync(CancellationToken cancel);
}

/// <summary>A stack of layers.</summary>
internal sealed class LayeredSnapshot(SnapshotStore store, ImmutableArray<SnapshotLayer> layers) : Snapshot
{
    public override ImmutableArray<SnapshotLayer> Layers => layers;

    public override ValueTask<Tree> GetTreeAsync(CancellationToken cancel) => store.GetTreeAsync(layers, cancel);

    public override ValueTask<Hash256> GetContentKeyAsync(CancellationToken cancel) =>
        store.GetContentKeyAsync(layers, cancel);

    /// <summary>This stack with one layer more.</summary>
    /// <param name="diffId">The layer, which is in the layer store.</param>
    public LayeredSnapshot With(Digest diffId) => new(store, layers.Add(new(diffId)));
}
