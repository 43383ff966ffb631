using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Turns the description of an edited image into layers, a config and a manifest. What does not change keeps its digest.</summary>
internal sealed class ImageWriting(LayerStore layers, ImageWriteOptions options)
{
    private readonly string _created = ConfigText.Time(options.Epoch);

    public async Task<Image> RunAsync(Image below, ImageEdit edit, CancellationToken cancel)
    {
        below = await below.WriteAsync(layers, options, cancel).ConfigureAwait(false); // an edit of an edit
        ImageManifest manifest = await below.GetManifestAsync(cancel).ConfigureAwait(false);
        if (edit is { Rewrite: null, Layers.IsEmpty: true, Config.IsEmpty: true }) return await AnnotateAsync(below, manifest, edit, cancel).ConfigureAwait(false);
        ImageConfig config = await below.GetConfigAsync(cancel).ConfigureAwait(false);
        LayerStack stack = new(await below.GetLayersAsync(cancel).ConfigureAwait(false), config.History);
        if (edit.Rewrite is { } rewrite) stack = await new LayerRewriting(layers, below.Source, rewrite).RunAsync(stack, cancel).ConfigureAwait(false);
        ImmutableArray<ImageLayer> added = await WriteLayersAsync(edit, cancel).ConfigureAwait(false);

        ImmutableArray<ImageLayer> all = [.. stack.Layers, .. added];
        Document<ImageConfig> newConfig = Documents.WriteConfig(Change(config with { History = stack.History }, edit, all));
        Document<ImageManifest> newManifest = Documents.WriteManifest(Annotate(manifest, edit) with
        {
            // An image of Docker's types becomes one of OCI's: a manifest that mixes both is refused by some registries.
            MediaType = MediaTypes.Manifest,
            Config = newConfig.Descriptor,
            Layers = [.. all.Select(layer => layer.Blob with { MediaType = MediaTypes.ToOci(layer.Blob.MediaType) })],
        });
        await newConfig.PutAsync(layers.Images, cancel).ConfigureAwait(false);
        return await PutAsync(newManifest, below, cancel).ConfigureAwait(false);
    }

    // The configuration stays the very blob it was.
    private async Task<Image> AnnotateAsync(Image below, ImageManifest manifest, ImageEdit edit, CancellationToken cancel)
    {
        ImageManifest annotated = Annotate(manifest, edit);
        if (edit.Annotations.All(pair => manifest.Annotations?.GetValueOrDefault(pair.Key) == pair.Value) && edit.RemovedAnnotations.All(name => manifest.Annotations?.ContainsKey(name) is not true)) return below;
        return await PutAsync(Documents.WriteManifest(MediaTypes.ToOci(annotated)), below, cancel).ConfigureAwait(false);
    }

    private async Task<Image> PutAsync(Document<ImageManifest> manifest, Image below, CancellationToken cancel)
    {
        await manifest.PutAsync(layers.Images, cancel).ConfigureAwait(false);
        return new(CombinedSource.Of(layers.Images, below.Source), manifest.Descriptor);
    }

    private async Task<ImmutableArray<ImageLayer>> WriteLayersAsync(ImageEdit edit, CancellationToken cancel)
    {
        var written = ImmutableArray.CreateBuilder<ImageLayer>(edit.Layers.Length);
        foreach (LayerEdit layer in edit.Layers)
        {
            written.Add(layer is TarLayer tar ? await AppendAsync(tar, cancel).ConfigureAwait(false)
                : await layers.WriteLayerAsync(new LayerAssembly(options.Epoch).Assemble((FilesLayer)layer, cancel), options.Compression, cancel).ConfigureAwait(false));
        }
        return written.MoveToImmutable();
    }

    private async Task<ImageLayer> AppendAsync(TarLayer tar, CancellationToken cancel)
    {
        Stream file = await new HostOrigin(HostTree.Existing(tar.HostPath).FullName).OpenAsync(new() { Path = tar.HostPath, Kind = EntryKind.File }, cancel).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            return await layers.AddAsync(file, options.Compression, cancel).ConfigureAwait(false);
        }
    }

    private ImageConfig Change(ImageConfig config, ImageEdit edit, ImmutableArray<ImageLayer> all)
    {
        IEnumerable<HistoryEntry> layerLines = edit.Layers.Select(layer => new HistoryEntry { Created = _created, CreatedBy = layer.Said, Comment = "imagekit" });
        IEnumerable<HistoryEntry> configLines = edit.Config.Where(step => step.Said is not null)
            .Select(step => new HistoryEntry { Created = _created, CreatedBy = step.Said, Comment = "imagekit", EmptyLayer = true });
        ImageConfig changed = config with
        {
            Created = _created,
            History = [.. config.History ?? [], .. layerLines, .. configLines],
            Rootfs = config.Rootfs with { DiffIds = [.. all.Select(layer => layer.DiffId)] },
        };
        return edit.Config.Aggregate(changed, (made, step) => step.Change(made));
    }

    private static ImageManifest Annotate(ImageManifest manifest, ImageEdit edit)
    {
        ImmutableSortedDictionary<string, string> annotations = (manifest.Annotations ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
            .SetItems(edit.Annotations).RemoveRange(edit.RemovedAnnotations);
        return manifest with
        {
            Subject = null, // it spoke of another image
            Annotations = annotations.IsEmpty ? null : annotations,
        };
    }
}
