using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Makes one layer of several, from tar to tar. Nothing is unpacked, and memory holds tables of contents alone.</summary>
public static class ImageSquash
{
    /// <summary>
    /// Makes one layer of those from <paramref name="first"/> on: what they delete of lower layers stays deleted, what they delete of each other is gone. The lower ones stay the blobs that they
    /// are, and are read only if a hard link names a file of theirs. The lines of the history stay, without layers, and one line is added for the new layer.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="store">Where layers are read into and the new one is written.</param>
    /// <param name="first">The lowest layer to take, counted from 0; 0 takes all, and nothing deleted is left then.</param>
    /// <param name="options">Compression of the new layer and the time of the new line.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The new image; the very same where fewer than two layers would become one.</returns>
    /// <exception cref="ContentException">There is no such layer (IK1011), one is not held by registries (IK1013), or one cannot be read (IK11xx, IK12xx).</exception>
    public static async Task<Image> SquashAsync(Image image, LayerStore store, int first = 0, ImageWriteOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        options ??= new();
        ImmutableArray<ImageLayer> layers = await image.GetLayersAsync(cancel).ConfigureAwait(false);
        if (first > layers.Length) throw EditFaults.NoSuchLayer(first, layers.Length);
        if (layers.Length - first < 2 && !(first == 0 && layers.Length == 1)) return image;
        ImageLayer merged = await MergeAsync(image, store, layers, first, options.Compression, cancel).ConfigureAwait(false);
        if (layers.Length - first == 1 && merged.DiffId == layers[first].DiffId) return image;
        return await WriteAsync(image, store, [.. layers.Take(first), merged], layers.Length - first, options, cancel).ConfigureAwait(false);
    }

    /// <summary>How many of an image's layers are those of its base.</summary>
    /// <exception cref="ContentException">The image is not built on the base (IK1014).</exception>
    public static async Task<int> LayersOfBaseAsync(Image image, Image below, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(below);
        ImmutableArray<ImageLayer> mine = await image.GetLayersAsync(cancel).ConfigureAwait(false), others = await below.GetLayersAsync(cancel).ConfigureAwait(false);
        int same = mine.Zip(others).TakeWhile(pair => pair.First.DiffId == pair.Second.DiffId).Count();
        return same == others.Length ? same : throw EditFaults.NotBuiltOn(same, others.Length, mine.Length);
    }

    private static async Task<ImageLayer> MergeAsync(Image image, LayerStore store, ImmutableArray<ImageLayer> layers, int first, LayerCompression compression, CancellationToken cancel)
    {
        var merge = new LayerMerge(store, image.Source, layers);
        await using (merge.ConfigureAwait(false))
        {
            IReadOnlyList<LayerItem> items = await merge.MergeAsync(first, cancel).ConfigureAwait(false);
            return await store.WriteLayerAsync(items, compression, cancel).ConfigureAwait(false);
        }
    }

    private static async Task<Image> WriteAsync(Image image, LayerStore store, ImmutableArray<ImageLayer> layers, int count, ImageWriteOptions options, CancellationToken cancel)
    {
        ImageConfig config = await image.GetConfigAsync(cancel).ConfigureAwait(false);
        string created = ConfigText.Time(options.Epoch);
        int kept = new LayerStack([], config.History).LinesOf(layers.Length - 1);
        HistoryEntry line = new() { Created = created, CreatedBy = layers.Length == 1 ? "FLATTEN" : $"SQUASH {count} layers", Comment = "imagekit" };
        Document<ImageConfig> newConfig = Documents.WriteConfig(config with
        {
            Created = created,
            History = config.History is { } lines ? [.. lines.Select((old, index) => index < kept ? old : old with { EmptyLayer = true }), line] : null,
            Rootfs = config.Rootfs with { DiffIds = [.. layers.Select(layer => layer.DiffId)] },
        });
        Document<ImageManifest> newManifest = Documents.WriteManifest(MediaTypes.ToOci(await image.GetManifestAsync(cancel).ConfigureAwait(false) with
        {
            Config = newConfig.Descriptor,
            Layers = [.. layers.Select(layer => layer.Blob)],
            Subject = null, // it spoke of another image
        }));
        await newConfig.PutAsync(store.Images, cancel).ConfigureAwait(false);
        await newManifest.PutAsync(store.Images, cancel).ConfigureAwait(false);
        return new(CombinedSource.Of(store.Images, image.Source), newManifest.Descriptor);
    }
}
