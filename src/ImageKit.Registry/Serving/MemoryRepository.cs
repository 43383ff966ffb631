using System.Collections.Concurrent;
using System.Globalization;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What one repository of a registry holds, in memory. All members may be used from several threads at once.</summary>
/// <param name="mostBlobBytes">The most bytes that a blob may have.</param>
internal sealed class MemoryRepository(int mostBlobBytes)
{
    private readonly ConcurrentDictionary<Digest, ReadOnlyMemory<byte>> _blobs = new();
    private readonly ConcurrentDictionary<Digest, ServedManifest> _manifests = new();
    private readonly ConcurrentDictionary<string, Digest> _tags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MemoryUpload> _uploads = new(StringComparer.Ordinal);
    private int _lastUpload;

    public bool IsEmpty => _blobs.IsEmpty && _manifests.IsEmpty;

    /// <summary>The tags, sorted.</summary>
    public IReadOnlyList<string> Tags => [.. _tags.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The uploads that were opened and neither finished nor cancelled.</summary>
    public int OpenUploads => _uploads.Count;

    public ReadOnlyMemory<byte>? FindBlob(Digest digest) => _blobs.TryGetValue(digest, out ReadOnlyMemory<byte> bytes) ? bytes : (ReadOnlyMemory<byte>?)null;

    public void PutBlob(Digest digest, ReadOnlyMemory<byte> bytes) => _blobs[digest] = bytes;

    public bool DeleteBlob(Digest digest) => _blobs.TryRemove(digest, out _);

    /// <summary>Finds a manifest by tag or digest.</summary>
    public ServedManifest? FindManifest(string reference)
    {
        bool named = Digest.TryParse(reference, out Digest digest) || _tags.TryGetValue(reference, out digest);
        return named && _manifests.TryGetValue(digest, out ServedManifest? manifest) ? manifest : null;
    }

    public IEnumerable<ServedManifest> ManifestsAbout(Digest subject) =>
        from manifest in _manifests.Values where manifest.Subject == subject orderby manifest.Digest select manifest;

    public void PutManifest(ServedManifest manifest, IReadOnlyCollection<string> tags)
    {
        _manifests[manifest.Digest] = manifest;
        foreach (string tag in tags) _tags[tag] = manifest.Digest;
    }

    /// <summary>Deletes a tag, or a manifest by digest with its tags.</summary>
    public bool DeleteManifest(string reference)
    {
        if (!Digest.TryParse(reference, out Digest digest)) return _tags.TryRemove(reference, out _);
        foreach ((string tag, Digest named) in _tags)
        {
            if (named == digest) _tags.TryRemove(tag, out _);
        }
        return _manifests.TryRemove(digest, out _);
    }

    public MemoryUpload BeginUpload()
    {
        string id = Interlocked.Increment(ref _lastUpload).ToString("x8", CultureInfo.InvariantCulture);
        return _uploads[id] = new(this, id, mostBlobBytes);
    }

    public MemoryUpload? FindUpload(string id) => _uploads.GetValueOrDefault(id);

    public void ForgetUploads() => _uploads.Clear();

    public bool EndUpload(string id) => _uploads.TryRemove(id, out _);
}
