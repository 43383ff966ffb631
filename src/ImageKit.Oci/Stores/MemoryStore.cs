using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>A store in memory: for tests, and for the small documents of an image that is being made.</summary>
public sealed class MemoryStore : IContentStore
{
    private readonly ConcurrentDictionary<Digest, byte[]> _blobs = new();
    private readonly ConcurrentDictionary<string, Descriptor> _tags = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        // Names first: `app:1` is a digest too by its grammar, of the algorithm `app`.
        if (_tags.TryGetValue(name, out Descriptor? named) || !Digest.TryParse(name, out Digest digest)) return Task.FromResult(named);
        Descriptor? tagged = _tags.Values.FirstOrDefault(root => root.Digest == digest);
        return Task.FromResult(tagged ?? (_blobs.TryGetValue(digest, out byte[]? bytes) ? DocumentKind.Describe(bytes, digest) : null));
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return _blobs.TryGetValue(blob.Digest, out byte[]? bytes)
            ? Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(bytes, writable: false), blob))
            : throw ContentFaults.Missing(blob, "The store in memory");
    }

    /// <inheritdoc/>
    public Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(_blobs.TryGetValue(blob.Digest, out byte[]? bytes) && bytes.Length == blob.Size);
    }

    /// <inheritdoc/>
    public async Task PutAsync(Descriptor blob, Stream content, CancellationToken cancel = default)
    {
        if (await ContainsAsync(blob, cancel).ConfigureAwait(false)) return;
        using var bytes = new MemoryStream();
        await BlobCopy.RunAsync(content, bytes, blob, cancel).ConfigureAwait(false);
        if (bytes.Length < blob.Size) throw ContentFaults.TooShort(blob, bytes.Length);
        byte[] whole = bytes.ToArray();
        Digest actual = ContentHash.Of(whole, blob.Digest);
        if (actual != blob.Digest) throw ContentFaults.WrongDigest(blob, actual);
        _blobs[blob.Digest] = whole;
    }

    /// <inheritdoc/>
    public async Task TagAsync(string tag, Descriptor root, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        if (!await ContainsAsync(root, cancel).ConfigureAwait(false)) throw ContentFaults.Missing(root, "The store in memory");
        _tags[tag] = root;
    }

    /// <summary>All tags, sorted.</summary>
    public ImmutableArray<StoredTag> List() => [.. _tags.Select(tag => new StoredTag(tag.Key, tag.Value)).OrderBy(tag => tag.Name, StringComparer.Ordinal)];

    /// <summary>The digests of all blobs, sorted.</summary>
    public ImmutableArray<Digest> Blobs => [.. _blobs.Keys.Order()];
}
