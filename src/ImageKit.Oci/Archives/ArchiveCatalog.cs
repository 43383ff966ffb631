using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>What an archive holds: its images, and where their blobs lie.</summary>
internal sealed class ArchiveCatalog
{
    private readonly ArchiveEntries _entries;
    private readonly IReadOnlyDictionary<Digest, ArchiveSpan> _known; // blobs that do not lie under blobs/
    private readonly FixedSource? _made; // manifests that the archive itself has not

    public ArchiveCatalog(ArchiveEntries entries, ImmutableArray<StoredTag> images, IReadOnlyDictionary<Digest, ArchiveSpan>? known = null, FixedSource? made = null) =>
        (_entries, Images, _known, _made) = (entries, images, known ?? ImmutableDictionary<Digest, ArchiveSpan>.Empty, made);

    public ImmutableArray<StoredTag> Images { get; }

    public static async Task<ArchiveCatalog> ReadAsync(ArchiveFile file, CancellationToken cancel)
    {
        ArchiveEntries entries = await ArchiveEntries.ReadAsync(file, cancel).ConfigureAwait(false);
        // The layout is the better of the two: it has the manifests as they were pushed.
        if (entries.Find("index.json") is { } index && await LayoutArchive.ReadAsync(file, entries, index, cancel).ConfigureAwait(false) is { } layout) return layout;
        if (entries.Find("manifest.json") is { } manifest) return await new DockerArchive(file, entries).ReadAsync(manifest, cancel).ConfigureAwait(false);
        throw ArchiveFaults.NoArchive(file.Name, entries.Find("repositories") is null
            ? "It has neither an 'index.json' nor a 'manifest.json'."
            : "It is of Docker before 1.10, without a 'manifest.json'.");
    }

    /// <summary>The image of that name or digest; a short name such as `app:1` finds its full one.</summary>
    public Descriptor? Find(string name)
    {
        // Names first: `app:1` is a digest too by its grammar, of the algorithm `app`.
        if (Images.FirstOrDefault(image => image.Name == name).Root is { } found) return found;
        string? full = ImageReference.TryParse(name, out ImageReference? reference) ? reference.TagOrLatest.ToString() : null;
        if (full is not null && Images.FirstOrDefault(image => image.Name == full).Root is { } normalized) return normalized;
        return Digest.TryParse(name, out Digest digest) ? Images.FirstOrDefault(image => image.Root.Digest == digest).Root : null;
    }

    public Task<Stream>? Open(ArchiveFile file, Descriptor blob, CancellationToken cancel)
    {
        if (_made is not null && _made.Has(blob.Digest)) return _made.OpenAsync(blob, cancel);
        ArchiveSpan? span = _known.TryGetValue(blob.Digest, out ArchiveSpan known) ? known : _entries.Find($"blobs/{blob.Digest.Algorithm}/{blob.Digest.Encoded}");
        return span is { } there ? Task.FromResult<Stream>(new VerifyingStream(file.Read(there), blob)) : null;
    }
}
