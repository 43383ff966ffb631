namespace ImageKit.Oci;

/// <summary>One file under a layout's `blobs/`.</summary>
/// <param name="Digest">What it claims to be.</param>
/// <param name="Size">Bytes on disk.</param>
/// <param name="LastUsed">When it was written or last found by <see cref="IContentStore.ContainsAsync"/>.</param>
public readonly record struct StoredBlob(Digest Digest, long Size, DateTimeOffset LastUsed);
