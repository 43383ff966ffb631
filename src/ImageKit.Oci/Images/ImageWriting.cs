using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Turns the description of an edited image into layers, a config and a manifest.</summary>
internal sealed class ImageWriting(LayerStore layers, ImageWriteOptions options)
{
    private readonly string _created = DateTimeOffset.FromUnixTimeSeconds(options.Epoch).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public async Task<Image> RunAsync(Image below, ImageEdit edit, CancellationToken cancel)
    {
        below = await below.WriteAsync(layers, options, cancel).ConfigureAwait(false); // an edit of an edit
        ImageManifest manifest = await below.GetManifestAsync(cancel).ConfigureAwait(false);
        ImageConfig config = await below.GetConfigAsync(cancel).ConfigureAwait(false);
        ImmutableArray<ImageLayer> added = await WriteLayersAsync(edit, cancel).ConfigureAwait(false);

        Document<ImageConfig> newConfig = Documents.WriteConfig(Change(config, edit, added));
        Document<ImageManifest> newManifest = Documents.WriteManifest(Change(manifest, edit, added, newConfig.Descriptor));
        await newConfig.PutAsync(layers.Images, cancel).ConfigureAwait(false);
        await newManifest.PutAsync(layers.Images, cancel).ConfigureAwait(false);
        return new(new CombinedSource(layers.Images, below.Source), newManifest.Descriptor);
    }

    private async Task<ImmutableArray<ImageLayer>> WriteLayersAsync(ImageEdit edit, CancellationToken cancel)
    {
        var written = ImmutableArray.CreateBuilder<ImageLayer>(edit.Layers.Length);
        foreach (LayerEdit layer in edit.Layers)
        {
            ImmutableArray<LayerItem> items = new LayerAssembly(options.Epoch).Assemble(layer, cancel);
            PendingLayer pending = await layers.WriteAsync(items, new() { Compression = options.Compression }, cancel).ConfigureAwait(false);
            await using (pending.ConfigureAwait(false))
            {
                await pending.CommitAsync(cancel).ConfigureAwait(false);
                written.Add(new(pending.Blob!, pending.Layer.DiffId));
            }
        }
        return written.MoveToImmutable();
    }

    private ImageConfig Change(ImageConfig config, ImageEdit edit, ImmutableArray<ImageLayer> added)
    {
        ContainerConfig container = edit.Config.Aggregate(config.Config ?? new(), (changed, step) => step.Change(changed));
        IEnumerable<HistoryEntry> layerLines = edit.Layers.Select(layer => new HistoryEntry { Created = _created, CreatedBy = $"LAYER {layer.Target}", Comment = "imagekit" });
        IEnumerable<HistoryEntry> configLines = edit.Config.Select(step => new HistoryEntry { Created = _created, CreatedBy = step.Said, Comment = "imagekit", EmptyLayer = true });
        return config with
        {
            Created = _created,
            Config = container,
            History = [.. config.History ?? [], .. layerLines, .. configLines],
            Rootfs = config.Rootfs with { DiffIds = [.. config.Rootfs.DiffIds, .. added.Select(layer => layer.DiffId)] },
        };
    }

    // An image of Docker's types becomes one of OCI's: a manifest that mixes both is refused by some registries.
    private static ImageManifest Change(ImageManifest manifest, ImageEdit edit, ImmutableArray<ImageLayer> added, Descriptor config) => manifest with
    {
        MediaType = MediaTypes.Manifest,
        Config = config,
        Layers = [.. manifest.Layers.Select(layer => layer with { MediaType = MediaTypes.ToOci(layer.MediaType) }), .. added.Select(layer => layer.Blob)],
        Subject = null, // it spoke of another image
        Annotations = edit.Annotations.IsEmpty ? manifest.Annotations
            : (manifest.Annotations ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)).SetItems(edit.Annotations),
    };
}
