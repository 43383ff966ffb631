using ImageKit.Oci;

namespace ImageKit.Snapshots;

/// <summary>A source that tells how much of its blobs was read.</summary>
internal sealed class ReportingSource(IContentSource inner, string origin, IProgress<BuildEvent>? progress) : IContentSource
{
    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => inner.ResolveAsync(name, cancel);

    public bool ReadElsewhere(Descriptor blob) => inner.ReadElsewhere(blob);

    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
    {
        Stream content = await inner.OpenAsync(blob, cancel).ConfigureAwait(false);
        if (progress is null) return content;
        progress.Report(new Transfer($"pull {origin}", blob.Digest, 0, blob.Size));
        return new CountingStream(content, moved => progress.Report(new Transfer($"pull {origin}", blob.Digest, moved, blob.Size)));
    }
}
