using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>The images behind one name, one a platform, looked at in place: nothing is read before it is asked for. Immutable.</summary>
public sealed class ImageIndex
{
    private Document<IndexManifest>? _manifest;

    /// <summary>Looks at the index, or the single image, whose descriptor is <paramref name="root"/> in <paramref name="source"/>.</summary>
    public ImageIndex(IContentSource source, Descriptor root)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        if (!MediaTypes.IsIndex(root.MediaType) && !MediaTypes.IsManifest(root.MediaType))
            throw new ArgumentException($"'{root.MediaType}' is neither an index nor an image manifest.", nameof(root));
        (Source, Descriptor) = (source, root);
    }

    /// <summary>Where the blobs are.</summary>
    public IContentSource Source { get; }

    /// <summary>The index, or the single image's manifest.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>The index. Read once. A single image is an index of one entry without a platform.</summary>
    /// <inheritdoc cref="Documents.ReadIndexAsync" path="/exception"/>
    public async Task<IndexManifest> GetManifestAsync(CancellationToken cancel = default)
    {
        if (!MediaTypes.IsIndex(Descriptor.MediaType)) return new IndexManifest { SchemaVersion = 2, Manifests = [Descriptor] };
        _manifest ??= await Documents.ReadIndexAsync(Source, Descriptor, cancel).ConfigureAwait(false);
        return _manifest.Value;
    }

    /// <summary>The image for a platform; a single image is given for any.</summary>
    /// <exception cref="ContentException">There is none (IK1008), or the index cannot be read.</exception>
    public async Task<Image> GetImageAsync(Platform platform, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(platform);
        if (!MediaTypes.IsIndex(Descriptor.MediaType)) return new Image(Source, Descriptor);
        return new Image(Source, PlatformChoice.Find(await GetManifestAsync(cancel).ConfigureAwait(false), platform));
    }

    /// <summary>All images, in the order of the index; attestations and other artifacts left out.</summary>
    /// <exception cref="ContentException">The index cannot be read.</exception>
    public async Task<ImmutableArray<Image>> GetImagesAsync(CancellationToken cancel = default)
    {
        IndexManifest index = await GetManifestAsync(cancel).ConfigureAwait(false);
        return [.. index.Manifests.Where(entry => MediaTypes.IsManifest(entry.MediaType) && entry.Platform is not { Os: "unknown" }).Select(entry => new Image(Source, entry))];
    }
}
