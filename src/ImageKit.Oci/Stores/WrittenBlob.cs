namespace ImageKit.Oci;

/// <summary>A blob that is in the store now.</summary>
/// <param name="Digest">The digest of its bytes.</param>
/// <param name="Size">How many bytes.</param>
public readonly record struct WrittenBlob(Digest Digest, long Size)
{
    /// <summary>Points at the blob as <paramref name="mediaType"/>.</summary>
    public Descriptor As(string mediaType) => new() { MediaType = mediaType, Digest = Digest, Size = Size };
}
