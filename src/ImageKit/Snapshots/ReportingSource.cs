using ImageKit.Oci;

namespace ImageKit.Snapshots;

/// <summary>A source that tells how much of its blobs was read.</summary>
internal sealed class ReportingSource(IContentSource inner, string origin, IProgress<BuildEvent>? progress) : IContentSource
{
    public bool IsRemote => inner.IsRemote;

    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => inner.ResolveAsync(name, cancel);

    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => Report(blob, 0, await inner.OpenAsync(blob, cancel).ConfigureAwait(false));

    public async Task<Stream> OpenFromAsync(Descriptor blob, long from, CancellationToken cancel = default) => Report(blob, from, await inner.OpenFromAsync(blob, from, cancel).ConfigureAwait(false));

    public bool ReadElsewhere(Descriptor blob) => inner.ReadElsewhere(blob);

    private Stream Report(Descriptor blob, long from, Stream content)
    {
        if (progress is null) return content;
        progress.Report(new Transfer($"pull {origin}", blob.Digest, from, blob.Size));
        return new CountingStream(content, moved => progress.Report(new Transfer($"pull {origin}", blob.Digest, from + moved, blob.Size)));
    }
}
