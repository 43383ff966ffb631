using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>An index of images for several platforms, looked at in place: nothing is read before it is asked for. Immutable.</summary>
public sealed class ImageIndex
{
    private Document<IndexManifest>? _index;

    /// <summary>Looks at the index <paramref name="descriptor"/> in <paramref name="source"/>.</summary>
    public ImageIndex(IContentSource source, Descriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(descriptor);
        if (!MediaTypes.IsIndex(descriptor.MediaType)) throw new ArgumentException($"'{descriptor.MediaType}' is no index.", nameof(descriptor));
        (Source, Descriptor) = (source, descriptor);
    }

    /// <summary>Where the index and its images are.</summary>
    public IContentSource Source { get; }

    /// <summary>The index itself.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>The index. Read once.</summary>
    /// <inheritdoc cref="Documents.ReadManifestAsync" path="/exception"/>
    public async Task<IndexManifest> GetManifestAsync(CancellationToken cancel = default)
    {
        _index ??= await Documents.ReadIndexAsync(Source, Descriptor, cancel).ConfigureAwait(false);
        return _index.Value;
    }

    /// <summary>The platforms of its images, in its order; null for an image that names none. Attestations are no images.</summary>
    public async Task<ImmutableArray<Platform?>> GetPlatformsAsync(CancellationToken cancel = default) =>
        [.. (await GetManifestAsync(cancel).ConfigureAwait(false)).Manifests.Where(PlatformChoice.IsImage).Select(entry => entry.Platform)];

    /// <summary>The image for a platform.</summary>
    /// <exception cref="ContentException">There is none (IK1008).</exception>
    public async Task<Image> GetImageAsync(Platform platform, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(platform);
        return new(Source, PlatformChoice.Find(await GetManifestAsync(cancel).ConfigureAwait(false), platform));
    }
}
