using System.Collections.Immutable;
using ImageKit.Lowering;
using ImageKit.Oci;
using ImageKit.Snapshots;

namespace ImageKit.Assembly;

/// <summary>Makes manifests of layers and configurations, in the store. Blobs of the base stay as they are; new layers are compressed, all at once.</summary>
internal sealed class ImageAssembler(LayoutStore images, LayerStore layers)
{
    private const string ExporterComment = "buildkit.exporter.image.v0";

    /// <summary>Puts one image together.</summary>
    public async Task<AssembledImage> AssembleAsync(LoweredImage lowered, Snapshot snapshot, CancellationToken cancel)
    {
        Descriptor[] blobs = await Task.WhenAll(snapshot.Layers.Select(layer => BlobAsync(layer, cancel))).ConfigureAwait(false);
        ImageConfig config = Complete(lowered.Config, [.. snapshot.Layers.Select(layer => layer.DiffId)]);
        Document<ImageConfig> configDocument = Documents.WriteConfig(config);
        await configDocument.PutAsync(images, cancel).ConfigureAwait(false);
        Document<ImageManifest> manifest = Documents.WriteManifest(new()
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = configDocument.Descriptor,
            Layers = [.. blobs],
        });
        await manifest.PutAsync(images, cancel).ConfigureAwait(false);
        return new(lowered, snapshot, manifest.Descriptor, configDocument.Descriptor);
    }

    /// <summary>The root of several images: an index; of one, its manifest.</summary>
    public async Task<Descriptor> RootAsync(ImmutableArray<AssembledImage> assembled, CancellationToken cancel)
    {
        if (assembled.Length == 1) return assembled[0].Manifest;
        Document<IndexManifest> index = Documents.WriteIndex(new()
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Index,
            Manifests = [.. assembled.Select(image => image.Manifest with { Platform = image.Lowered.Platform })],
        });
        await index.PutAsync(images, cancel).ConfigureAwait(false);
        return index.Descriptor;
    }

    private async Task<Descriptor> BlobAsync(SnapshotLayer layer, CancellationToken cancel) => layer.Blob is { } blob
        ? Oci(blob.Descriptor) : Oci(await layers.CompressAsync(layer.DiffId, LayerCompression.Gzip, cancel).ConfigureAwait(false));

    // The manifest is OCI's, so the layers' types are too; the bytes are the same.
    private static Descriptor Oci(Descriptor blob) => new()
    {
        MediaType = blob.MediaType switch
        {
            MediaTypes.DockerLayerGzip => MediaTypes.LayerGzip,
            MediaTypes.DockerLayerZstd => MediaTypes.LayerZstd,
            MediaTypes.DockerLayer => MediaTypes.Layer,
            string other => other,
        },
        Digest = blob.Digest,
        Size = blob.Size,
    };

    // Readers expect one line of history a layer; bases made by other tools may lack some.
    private static ImageConfig Complete(ImageConfig config, ImmutableArray<Digest> diffIds)
    {
        ImmutableArray<HistoryEntry> history = config.History ?? [];
        int missing = diffIds.Length - history.Count(entry => entry.EmptyLayer != true);
        if (missing > 0) history = history.InsertRange(0, Enumerable.Repeat(new HistoryEntry { Created = config.Created, Comment = ExporterComment }, missing));
        return config with { Rootfs = new() { DiffIds = diffIds }, History = history };
    }
}

/// <summary>An image that is in the store, all but blobs of its base perhaps.</summary>
/// <param name="Lowered">What it was made from.</param>
/// <param name="Snapshot">Its files.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Config">Its configuration.</param>
internal sealed record AssembledImage(LoweredImage Lowered, Snapshot Snapshot, Descriptor Manifest, Descriptor Config);
