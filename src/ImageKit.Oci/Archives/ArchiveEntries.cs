namespace ImageKit.Oci;

/// <summary>The files of an archive's tar: where each one's bytes lie. Links of old `docker save` are followed.</summary>
internal sealed class ArchiveEntries
{
    private const int MaxEntries = 100_000;
    private const int MaxHops = 8;

    private readonly Dictionary<string, ArchiveSpan> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal); // symbolic and hard, by the path they lead to

    public static async Task<ArchiveEntries> ReadAsync(ArchiveFile file, CancellationToken cancel)
    {
        var entries = new ArchiveEntries();
        var tar = new TarReader(file.ReadAll());
        await using (tar.ConfigureAwait(false))
        {
            while (await tar.ReadAsync(cancel).ConfigureAwait(false) is { } entry)
            {
                entries.Add(file, entry);
                if (entries._files.Count + entries._links.Count > MaxEntries) throw ArchiveFaults.NoArchive(file.Name, $"It has more than {MaxEntries} entries.");
            }
        }
        return entries;
    }

    /// <summary>The bytes of a file, by its path or that of a link to it; null if there is none.</summary>
    public ArchiveSpan? Find(string path)
    {
        for (int hop = 0; hop < MaxHops; hop++)
        {
            if (_files.TryGetValue(path, out ArchiveSpan span)) return span;
            if (!_links.TryGetValue(path, out string? target)) return null;
            path = target;
        }
        return null;
    }

    private void Add(ArchiveFile file, TarEntry entry)
    {
        string path = Clean("", entry.Name);
        switch (entry.Kind)
        {
            case EntryKind.File when entry.IsSparse:
                throw ArchiveFaults.Broken(file.Name, $"The entry '{entry.Name}' is sparse, which no image tool writes.");
            case EntryKind.File:
                _files[path] = new(entry.Offset, entry.Size);
                break;
            case EntryKind.Symlink:
                int slash = path.LastIndexOf('/');
                _links[path] = Clean(slash < 0 ? "" : path[..slash], entry.LinkName ?? "");
                break;
            case EntryKind.Hardlink:
                _links[path] = Clean("", entry.LinkName ?? "");
                break;
            default:
                break;
        }
    }

    // These paths are keys of a table, never of the file system: `..` beyond the root is harmless and stays at the root.
    private static string Clean(string folder, string path)
    {
        var parts = new List<string>();
        foreach (string part in (path.StartsWith('/') ? path : folder + "/" + path).Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }
}
