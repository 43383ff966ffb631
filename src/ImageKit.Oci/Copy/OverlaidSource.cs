namespace ImageKit.Oci;

/// <summary>A source with one more document on top, which was made here.</summary>
internal sealed class OverlaidSource(IContentSource below, Document<IndexManifest> made) : IContentSource
{
    /// <summary>The source without the document.</summary>
    public IContentSource Below => below;

    public bool IsRemote => below.IsRemote;

    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => below.ResolveAsync(name, cancel);

    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => blob.Digest == made.Descriptor.Digest
        ? Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(made.Bytes.ToArray(), writable: false), blob))
        : below.OpenAsync(blob, cancel);

    public Task<Stream> OpenFromAsync(Descriptor blob, long from, CancellationToken cancel = default) => below.OpenFromAsync(blob, from, cancel);
}
