namespace ImageKit.Oci.Tests.Layers;

/// <summary>A registry of which nobody may load a whole layer.</summary>
internal sealed class RangesOnly(IContentSource below) : IContentSource
{
    public long Bytes { get; private set; }

    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => below.ResolveAsync(name, cancel);

    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) =>
        blob.MediaType.Contains("layer", StringComparison.Ordinal) ? throw new AssertionException("A layer was read.") : below.OpenAsync(blob, cancel);

    public Task<Stream> OpenRangeAsync(Descriptor blob, long from, long length, CancellationToken cancel = default)
    {
        Bytes += length;
        return below.OpenRangeAsync(blob, from, length, cancel);
    }
}
