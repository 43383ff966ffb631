namespace ImageKit.Oci;

/// <summary>One layer of an image.</summary>
/// <param name="Blob">The layer as it is stored and moved, mostly compressed.</param>
/// <param name="DiffId">The digest of its uncompressed tar.</param>
public readonly record struct ImageLayer(Descriptor Blob, Digest DiffId);
