using ImageKit.Contexts;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>
/// A layer that is being put together over a tree: knows what is there already, in the layer or below it, follows links inside the root,
/// makes missing parents, and refuses to put a file where a directory is.
/// </summary>
internal sealed class LayerDraft(Tree below, EntryTime time)
{
    private const int MaxLinks = 40;
    private readonly Dictionary<string, DraftEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>What is at a path, links not followed.</summary>
    public TocEntry? Find(string path) => _entries.TryGetValue(path, out DraftEntry drafted) ? drafted.Item.Entry : below.Find(path)?.Entry;

    /// <summary>The path with all links followed inside the root, as far as there is anything; the rest as it is.</summary>
    /// <exception cref="BuildException">Links lead in a circle (IK4013).</exception>
    public string Resolve(string path, bool followLast)
    {
        Stack<string> left = new(path.Split('/').Reverse());
        string current = "";
        for (int links = 0; left.TryPop(out string? part);)
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                current = TreePaths.Parent(current);
                continue;
            }
            string next = TreePaths.Join(current, part);
            bool follow = followLast || left.Any(rest => rest is not ("" or "."));
            if (!follow || Find(next) is not { Kind: EntryKind.Symlink } link)
            {
                current = next;
                continue;
            }
            if (++links > MaxLinks) throw Circle(path);
            if (link.LinkTarget!.StartsWith('/')) current = "";
            foreach (string step in link.LinkTarget.Split('/').Reverse()) left.Push(step);
        }
        return current;
    }

    /// <summary>Makes a directory and its missing parents; what is there keeps what it has.</summary>
    /// <param name="path">The path, links followed.</param>
    /// <param name="owner">The owner of what is made.</param>
    /// <param name="mode">The mode of what is made.</param>
    /// <exception cref="BuildException">Something other than a directory is in the way (IK4014).</exception>
    public void EnsureDirectory(string path, Owner owner, int mode)
    {
        if (path.Length == 0) return;
        if (Find(path) is { } there)
        {
            if (there.Kind != EntryKind.Directory) throw NotADirectory(path);
            return;
        }
        EnsureDirectory(TreePaths.Parent(path), owner, mode);
        _entries[path] = new(new LayerItem(new TocEntry
        {
            Path = path,
            Kind = EntryKind.Directory,
            Mode = mode,
            Uid = owner.Uid,
            Gid = owner.Gid,
            MtimeSeconds = time.Seconds,
        }), null);
    }

    /// <summary>Puts an entry in its place; a directory over a directory replaces what is known of it and keeps what is in it.</summary>
    /// <param name="item">The entry; its parents have to be there.</param>
    /// <param name="identity">What tells hard links of one file: equal for all names of one file; null for what is no file.</param>
    /// <exception cref="BuildException">A file would replace a directory (IK4015) or a directory a file (IK4014), or the name cannot stand in a layer (IK4016).</exception>
    public void Put(LayerItem item, object? identity = null)
    {
        string path = item.Entry.Path;
        if (WhiteoutName.Is(path)) throw WhiteoutName.Refusal(path);
        EntryKind? there = Find(path)?.Kind;
        bool isDirectory = item.Entry.Kind == EntryKind.Directory;
        if (there == EntryKind.Directory && !isDirectory) throw OverDirectory(path);
        if (there is not (null or EntryKind.Directory) && isDirectory) throw NotADirectory(path);
        _entries[path] = new(item, identity);
    }

    /// <summary>All entries, sorted; of several names of one file the first holds the bytes.</summary>
    public List<LayerItem> Finish()
    {
        AddParents();
        List<DraftEntry> sorted = [.. _entries.Values];
        sorted.Sort((a, b) => string.CompareOrdinal(a.Item.Entry.Path, b.Item.Entry.Path));
        Dictionary<object, string> firsts = new(ReferenceEqualityComparer.Instance);
        List<LayerItem> items = new(sorted.Count);
        foreach ((LayerItem item, object? identity) in sorted)
        {
            bool another = identity is not null && !firsts.TryAdd(identity, item.Entry.Path);
            items.Add(another ? new(item.Entry with { Kind = EntryKind.Hardlink, LinkTarget = firsts[identity!], Size = 0, ContentHash = default }) : item);
        }
        return items;
    }

    // Docker unpacks a layer by itself and would make a directory that it does not name 0755 and root's: /tmp would lose its sticky bit.
    private void AddParents()
    {
        foreach (string path in _entries.Keys.ToArray())
            for (string parent = TreePaths.Parent(path); parent.Length > 0 && !_entries.ContainsKey(parent); parent = TreePaths.Parent(parent))
                if (below.Find(parent) is { } node) _entries[parent] = new(new LayerItem(node.Entry with { Offset = 0 }), null);
    }

    private static BuildException Circle(string path) => new("IK4013", $"The links in /{path} lead in a circle.", "", "Correct the links in the image below.");

    private static BuildException NotADirectory(string path) => new("IK4014", $"cannot copy to non-directory: /{path}.",
        "A directory would have to be where the image has a file or a link.", "Copy to another path, or remove what is there in a RUN before.");

    private static BuildException OverDirectory(string path) => new("IK4015", $"cannot replace to directory /{path} with file.",
        "The image has a directory there.", $"Write '/{path}/' to copy into it, or remove it in a RUN before.");

    private readonly record struct DraftEntry(LayerItem Item, object? Identity);
}
