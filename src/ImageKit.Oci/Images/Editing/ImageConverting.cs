using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Carries out an <see cref="ImageConversion"/>.</summary>
internal sealed class ImageConverting(ImageConversion conversion, LayerStore store)
{
    public async Task<Image> RunAsync(Image image, CancellationToken cancel)
    {
        Document<ImageManifest> before = await Documents.ReadManifestAsync(image.Source, image.Descriptor, cancel).ConfigureAwait(false);
        ImmutableArray<ImageLayer> layers = await image.GetLayersAsync(cancel).ConfigureAwait(false);
        ImmutableArray<ImageLayer> converted = conversion.Layers is null ? layers : await ConvertAsync(image, layers, cancel).ConfigureAwait(false);
        ImageManifest manifest = before.Value with { Layers = [.. converted.Select(layer => layer.Blob)] };
        MediaTypeFamily family = conversion.Types ?? (before.Descriptor.MediaType == MediaTypes.DockerManifest ? MediaTypeFamily.Docker : MediaTypeFamily.Oci);
        if (converted.Any(layer => !layers.Contains(layer))) manifest = manifest with { Config = await ConfigAsync(image, converted, cancel).ConfigureAwait(false) };
        manifest = family == MediaTypeFamily.Docker ? MediaTypes.ToDocker(manifest) with { Annotations = null } : MediaTypes.ToOci(manifest);
        if (family == OfManifest(before) && manifest.Config == before.Value.Config && manifest.Layers.SequenceEqual(before.Value.Layers)) return image;
        if (manifest.Subject is not null) manifest = manifest with { Subject = null }; // it spoke of another image
        Document<ImageManifest> after = Documents.WriteManifest(manifest);
        await after.PutAsync(store.Images, cancel).ConfigureAwait(false);
        return new(CombinedSource.Of(store.Images, image.Source), after.Descriptor);
    }

    private static MediaTypeFamily OfManifest(Document<ImageManifest> manifest) => manifest.Descriptor.MediaType == MediaTypes.DockerManifest ? MediaTypeFamily.Docker : MediaTypeFamily.Oci;

    private async Task<ImmutableArray<ImageLayer>> ConvertAsync(Image image, ImmutableArray<ImageLayer> layers, CancellationToken cancel)
    {
        var converted = ImmutableArray.CreateBuilder<ImageLayer>(layers.Length);
        foreach (ImageLayer layer in layers)
            converted.Add(!conversion.Force && LayerForm.Of(layer.Blob) == conversion.Layers || MediaTypes.IsForeignLayer(layer.Blob.MediaType) ? layer
                : await ConvertAsync(image, layer, cancel).ConfigureAwait(false));
        return converted.MoveToImmutable();
    }

    private async Task<ImageLayer> ConvertAsync(Image image, ImageLayer layer, CancellationToken cancel)
    {
        await store.ImportAsync(layer.Blob, layer.DiffId, image.Source, cancel: cancel).ConfigureAwait(false);
        if (conversion.Layers is LayerEncoding.Estargz or LayerEncoding.ZstdChunked)
        {
            var writing = new SeekableWriting(store, conversion.Level);
            ImageLayer made = await (conversion.Layers == LayerEncoding.Estargz ? writing.EstargzAsync(layer.DiffId, cancel) : writing.ZstdChunkedAsync(layer.DiffId, cancel)).ConfigureAwait(false);
            return made with { Blob = LayerForm.Plain(layer.Blob) is { Annotations: { } kept } ? made.Blob with { Annotations = kept.SetItems(made.Blob.Annotations!) } : made.Blob };
        }
        Descriptor blob = await store.CompressAsync(layer.DiffId, (LayerCompression)conversion.Layers!.Value, conversion.Force, conversion.Level, cancel).ConfigureAwait(false);
        return layer with { Blob = LayerForm.Plain(layer.Blob) with { MediaType = blob.MediaType, Digest = blob.Digest, Size = blob.Size, Data = null } };
    }

    // The config's bytes stay, unless a layer became another content.
    private async Task<Descriptor> ConfigAsync(Image image, ImmutableArray<ImageLayer> layers, CancellationToken cancel)
    {
        ImageConfig config = await image.GetConfigAsync(cancel).ConfigureAwait(false);
        ImmutableArray<Digest> diffIds = [.. layers.Select(layer => layer.DiffId)];
        if (diffIds.SequenceEqual(config.Rootfs.DiffIds)) return (await image.GetManifestAsync(cancel).ConfigureAwait(false)).Config;
        Document<ImageConfig> made = Documents.WriteConfig(config with { Rootfs = config.Rootfs with { DiffIds = diffIds } });
        await made.PutAsync(store.Images, cancel).ConfigureAwait(false);
        return made.Descriptor;
    }
}
