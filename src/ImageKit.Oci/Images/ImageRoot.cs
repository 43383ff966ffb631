namespace ImageKit.Oci;

/// <summary>What a name points to, an image or an index of images, and where its blobs are.</summary>
/// <param name="Source">Where manifests, configs and layers are read from.</param>
/// <param name="Descriptor">The manifest or index.</param>
public sealed record ImageRoot(IContentSource Source, Descriptor Descriptor)
{
    /// <summary>Whether it is an index.</summary>
    public bool IsIndex => MediaTypes.IsIndex(Descriptor.MediaType);

    /// <summary>The root that an image is.</summary>
    public static ImageRoot Of(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Edit is null ? new(image.Source, image.Descriptor) : throw new ArgumentException("The image is edited and not written yet.", nameof(image));
    }
}
