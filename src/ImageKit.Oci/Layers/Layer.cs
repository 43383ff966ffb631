namespace ImageKit.Oci;

/// <summary>A layer that a <see cref="LayerStore"/> knows: one content, whatever forms it has on disk.</summary>
/// <param name="DiffId">The SHA-256 of its uncompressed tar: its name.</param>
/// <param name="Toc">Its table of contents.</param>
public sealed record Layer(Digest DiffId, TableOfContents Toc);
