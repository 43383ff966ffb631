using System.Collections.Frozen;

namespace ImageKit.Oci;

/// <summary>A few documents made here, to be read like any others.</summary>
internal sealed class FixedSource(IEnumerable<ReadOnlyMemory<byte>> blobs) : IContentSource
{
    private readonly FrozenDictionary<Digest, byte[]> _blobs = blobs.Select(bytes => bytes.ToArray()).DistinctBy(bytes => Digest.Of(bytes)).ToFrozenDictionary(bytes => Digest.Of(bytes));

    public bool Has(Digest digest) => _blobs.ContainsKey(digest);

    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => Task.FromResult(
        Digest.TryParse(name, out Digest digest) && _blobs.TryGetValue(digest, out byte[]? bytes) ? DocumentKind.Describe(bytes, digest) : null);

    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => _blobs.TryGetValue(blob.Digest, out byte[]? bytes)
        ? Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(bytes, writable: false), blob))
        : throw ContentFaults.Missing(blob, "The image made here");
}
