namespace ImageKit.Oci;

/// <summary>How an edited image is written.</summary>
public sealed record ImageWriteOptions
{
    /// <summary>How the blobs of new layers are compressed.</summary>
    public LayerCompression Compression { get; init; } = LayerCompression.Gzip;

    /// <summary>The time that the image, its history and all new entries bear, in seconds since 1970.</summary>
    public long Epoch { get; init; }
}
