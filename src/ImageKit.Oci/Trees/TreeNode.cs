using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// One name of a <see cref="Tree"/>. Immutable; unchanged nodes are shared between trees. Hard links are resolved: such a node is the file
/// itself under one more name.
/// </summary>
public sealed class TreeNode
{
    private readonly int _nameStart;
    private Hash256 _key;
    private volatile bool _hasKey;

    internal TreeNode(TocEntry entry, ContentOrigin? origin, TocEntry? source, ImmutableArray<TreeNode> children)
    {
        (Entry, Origin, Source, Children) = (entry, origin, source, children);
        _nameStart = entry.Path.LastIndexOf('/') + 1;
    }

    /// <summary>What the topmost layer says of it, under this node's path. Never a hard link, never a whiteout.</summary>
    public TocEntry Entry { get; }

    /// <summary>Where a file's bytes come from.</summary>
    public ContentOrigin? Origin { get; }

    /// <summary>The entry by which <see cref="Origin"/> knows the bytes. Two nodes with one and the same object here are hard links to each other.</summary>
    public TocEntry SourceEntry => Source ?? Entry;

    /// <summary>What is in a directory, sorted by name, ordinally; empty for all else.</summary>
    public ImmutableArray<TreeNode> Children { get; }

    /// <summary>The last component of the path; empty for the root.</summary>
    public string Name => Entry.Path[_nameStart..];

    /// <summary>The whole path, as in <see cref="TocEntry.Path"/>.</summary>
    public string Path => Entry.Path;

    /// <summary>Whether it can have children.</summary>
    public bool IsDirectory => Entry.Kind == EntryKind.Directory;

    /// <summary>Whether the keys of this node and all below it can be computed: no file's hash is missing.</summary>
    public bool IsHashed => _hasKey || (TreeKey.HasHash(Entry) && Children.All(child => child.IsHashed));

    /// <summary>The content key of this node and all below it; see <see cref="TreeKey"/>. Computed once.</summary>
    /// <exception cref="InvalidOperationException">A file's hash is not known yet: see <see cref="Tree.WithHashesAsync"/>.</exception>
    public Hash256 Key
    {
        get
        {
            if (_hasKey) return _key;
            _key = TreeKey.Of(this); // the same from any thread, so a race only costs time; the flag is volatile and set last
            _hasKey = true;
            return _key;
        }
    }

    internal TocEntry? Source { get; }

    internal ReadOnlySpan<char> NameSpan => Entry.Path.AsSpan(_nameStart);

    /// <summary>A child by its name, or null.</summary>
    public TreeNode? Child(ReadOnlySpan<char> name)
    {
        int at = Search(Children.AsSpan(), name);
        return at >= 0 ? Children[at] : null;
    }

    /// <summary>This node and all below it, parents first, siblings in ordinal order.</summary>
    public IEnumerable<TreeNode> Walk()
    {
        var pending = new Stack<TreeNode>();
        pending.Push(this);
        while (pending.TryPop(out TreeNode? node))
        {
            yield return node;
            for (int i = node.Children.Length - 1; i >= 0; i--) pending.Push(node.Children[i]);
        }
    }

    /// <summary>This node alone as an entry of a layer, at another path or its own.</summary>
    public LayerItem ItemAt(string path) => new(Entry with { Path = path }, Origin, SourceEntry);

    /// <summary>This node and all below it as sorted entries of a layer, this node being at <paramref name="path"/>; hard links among them stay such.</summary>
    public IEnumerable<LayerItem> ItemsAt(string path)
    {
        var first = new Dictionary<TocEntry, string>(ReferenceEqualityComparer.Instance);
        foreach (TreeNode node in Walk())
        {
            string below = node.Path.Length == Path.Length ? "" : node.Path[(Path.Length == 0 ? 0 : Path.Length + 1)..];
            string target = path.Length == 0 ? below : below.Length == 0 ? path : string.Concat(path, "/", below);
            if (node.IsDirectory || first.TryAdd(node.SourceEntry, target)) yield return node.ItemAt(target);
            else yield return new LayerItem(node.Entry with { Path = target, Kind = EntryKind.Hardlink, LinkTarget = first[node.SourceEntry], Size = 0, ContentHash = default });
        }
    }

    /// <summary>Where a name is among sorted siblings, or the complement of where it would be.</summary>
    internal static int Search(ReadOnlySpan<TreeNode> siblings, ReadOnlySpan<char> name)
    {
        int low = 0;
        int high = siblings.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = siblings[middle].NameSpan.CompareTo(name, StringComparison.Ordinal);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
