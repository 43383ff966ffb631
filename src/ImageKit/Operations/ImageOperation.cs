using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>FROM an image: its layers, none of which is read before it is needed.</summary>
/// <param name="Layers">The layers, lowest first.</param>
internal sealed record ImageOperation(ImmutableArray<SnapshotLayer> Layers) : SourceOperation
{
    protected internal override ValueTask<Snapshot> OpenAsync(OperationContext context, CancellationToken cancel) =>
        ValueTask.FromResult<Snapshot>(new LayeredSnapshot(context.Snapshots, Layers));

    /// <summary>The layers of an image.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="source">Where its blobs can be had.</param>
    /// <param name="origin">Its name, for people.</param>
    /// <exception cref="BuildException">Manifest and configuration do not fit together (IK4031).</exception>
    public static ImageOperation Of(ImageManifest manifest, ImageConfig config, IContentSource source, string origin)
    {
        ImmutableArray<Oci.Digest> diffIds = config.Rootfs.DiffIds;
        if (diffIds.Length != manifest.Layers.Length) throw new BuildException("IK4031",
            $"The image {origin} is not usable: its manifest has {manifest.Layers.Length} layers, its configuration {diffIds.Length}.",
            "It is broken, or no image to run.", "Choose another image.");
        return new([.. diffIds.Zip(manifest.Layers, (diffId, blob) => new SnapshotLayer(diffId, new LayerBlob(blob, source, origin)))]);
    }
}

/// <summary>FROM scratch: nothing at all.</summary>
internal sealed record ScratchOperation : SourceOperation
{
    protected internal override ValueTask<Snapshot> OpenAsync(OperationContext context, CancellationToken cancel) =>
        ValueTask.FromResult<Snapshot>(context.Snapshots.Empty);
}
