using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>An OCI layout in a tar.</summary>
internal static class LayoutArchive
{
    private const long MaxIndexBytes = 64 * 1024 * 1024;

    /// <summary>The layout's images; null if it lacks the manifests that it names, as some tools' half-made layouts do.</summary>
    public static async Task<ArchiveCatalog?> ReadAsync(ArchiveFile file, ArchiveEntries entries, ArchiveSpan index, CancellationToken cancel)
    {
        if (index.Length > MaxIndexBytes) throw ArchiveFaults.Broken(file.Name, "Its 'index.json' is larger than 64 MiB.");
        var bytes = new byte[index.Length];
        Stream stream = file.Read(index);
        await using (stream.ConfigureAwait(false)) await stream.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
        try
        {
            ImmutableArray<Descriptor> roots = Documents.ParseLayoutIndex(bytes).Manifests;
            if (roots.Any(root => entries.Find($"blobs/{root.Digest.Algorithm}/{root.Digest.Encoded}") is null)) return null;
            return new(entries, [.. roots.Select(root => new StoredTag(LayoutNames.NameOf(root), LayoutNames.Bare(root)))]);
        }
        catch (JsonException e) // cut short, or not an index
        {
            throw ArchiveFaults.Broken(file.Name, $"Its 'index.json' is not well-formed: {e.Message}", e);
        }
    }
}
