using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// An image for one platform, looked at in place: nothing is read before it is asked for, and nothing is read twice. Immutable;
/// <see cref="With"/> describes another image on top of it.
/// </summary>
public sealed class Image
{
    private Document<ImageManifest>? _manifest;
    private Document<ImageConfig>? _config;

    /// <summary>Looks at the image whose manifest is <paramref name="manifest"/> in <paramref name="source"/>.</summary>
    public Image(IContentSource source, Descriptor manifest)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(manifest);
        if (!MediaTypes.IsManifest(manifest.MediaType)) throw new ArgumentException($"'{manifest.MediaType}' is no image manifest.", nameof(manifest));
        (Source, Descriptor) = (source, manifest);
    }

    private Image(Image below, ImageEdit edit) => (Source, Descriptor, Base, Edit) = (below.Source, below.Descriptor, below, edit);

    /// <summary>Where the image's blobs are; of an edited image, those of its base.</summary>
    public IContentSource Source { get; }

    /// <summary>The image's manifest; of an edited image, that of the image it was made from.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>What this image changes of <see cref="Base"/> and is not written yet, or null.</summary>
    public ImageEdit? Edit { get; }

    /// <summary>The image that <see cref="Edit"/> changes, or null.</summary>
    public Image? Base { get; }

    /// <summary>An image without layers for one platform (`scratch`), kept in memory.</summary>
    public static Image Empty(Platform platform) => EmptyImage.Make(platform);

    /// <summary>
    /// Describes an image made from this one: layers on top, another configuration. Nothing is read or written until the image is written.
    /// </summary>
    public Image With(Action<ImageEditor> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var editor = new ImageEditor();
        edit(editor);
        return new(this, editor.Finish());
    }

    /// <summary>The manifest. Read once.</summary>
    /// <exception cref="InvalidOperationException">The image is edited and not written yet.</exception>
    /// <inheritdoc cref="Documents.ReadManifestAsync" path="/exception"/>
    public async Task<ImageManifest> GetManifestAsync(CancellationToken cancel = default)
    {
        ThrowIfEdited();
        _manifest ??= await Documents.ReadManifestAsync(Source, Descriptor, cancel).ConfigureAwait(false);
        return _manifest.Value;
    }

    /// <summary>The config. Read once.</summary>
    /// <exception cref="InvalidOperationException">The image is edited and not written yet.</exception>
    /// <inheritdoc cref="Documents.ReadManifestAsync" path="/exception"/>
    public async Task<ImageConfig> GetConfigAsync(CancellationToken cancel = default)
    {
        ImageManifest manifest = await GetManifestAsync(cancel).ConfigureAwait(false);
        _config ??= await Documents.ReadConfigAsync(Source, manifest.Config, cancel).ConfigureAwait(false);
        return _config.Value;
    }

    /// <summary>The layers, lowest first.</summary>
    /// <exception cref="ContentException">The manifest and the config differ in the number of layers (IK1005), or cannot be read.</exception>
    public async Task<ImmutableArray<ImageLayer>> GetLayersAsync(CancellationToken cancel = default)
    {
        ImageConfig config = await GetConfigAsync(cancel).ConfigureAwait(false);
        ImageManifest manifest = await GetManifestAsync(cancel).ConfigureAwait(false);
        ImmutableArray<Digest> diffIds = config.Rootfs.DiffIds;
        if (manifest.Layers.Length != diffIds.Length)
            throw ContentFaults.Malformed(Descriptor, $"It lists {manifest.Layers.Length} layers, and its config {diffIds.Length}.");
        return [.. manifest.Layers.Zip(diffIds, (blob, diffId) => new ImageLayer(blob, diffId))];
    }

    /// <summary>The platform that the config names.</summary>
    public async Task<Platform> GetPlatformAsync(CancellationToken cancel = default)
    {
        ImageConfig config = await GetConfigAsync(cancel).ConfigureAwait(false);
        return new() { Os = config.Os, Architecture = config.Architecture, Variant = config.Variant, OsVersion = config.OsVersion, OsFeatures = config.OsFeatures };
    }

    /// <summary>
    /// Writes what <see cref="With"/> described: new layers in one pass over their files, the config and the manifest, into the layer store and
    /// its image store. An image without edits is given back as it is. The layers of the base are not touched, not even read.
    /// </summary>
    /// <param name="layers">Where layers are kept; its image store takes blobs, config and manifest.</param>
    /// <param name="options">Compression, and the time that the image bears.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The written image. The same edits of the same base over the same files give the same digests.</returns>
    /// <exception cref="ContentException">A file is missing or cannot be put into a layer (IK1010), changed meanwhile (IK1205), or the disk is full (IK1002).</exception>
    public Task<Image> WriteAsync(LayerStore layers, ImageWriteOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return Edit is null ? Task.FromResult(this) : new ImageWriting(layers, options ?? new()).RunAsync(Base!, Edit, cancel);
    }

    private void ThrowIfEdited()
    {
        if (Edit is not null) throw new InvalidOperationException("This image is edited and not written yet: write it first.");
    }
}
