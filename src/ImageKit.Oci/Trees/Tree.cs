using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// What a stack of layers looks like from inside: the merged view of their tables of contents, with whiteouts done, hard links resolved
/// and directories that no layer names filled in (0755, root's, at the epoch). Immutable; <see cref="Apply(IEnumerable{LayerItem})"/> shares all that stays the same.
/// </summary>
public sealed class Tree
{
    private Tree(TreeNode root) => Root = root;

    /// <summary>A root directory and nothing in it.</summary>
    public static Tree Empty { get; } = new(new TreeNode(Implied(""), null, null, []));

    /// <summary>The root directory.</summary>
    public TreeNode Root { get; }

    /// <summary>The content key of all of it; see <see cref="TreeKey"/>.</summary>
    /// <exception cref="InvalidOperationException">A file's hash is not known yet.</exception>
    public Hash256 ContentKey => Root.Key;

    /// <summary>The tree of a single layer.</summary>
    /// <inheritdoc cref="Apply(IEnumerable{LayerItem})"/>
    public static Tree Of(IEnumerable<LayerItem> items) => Empty.Apply(items);

    /// <summary>Puts a layer on top.</summary>
    /// <param name="layer">What is in it.</param>
    /// <param name="origin">Where the bytes of its files come from.</param>
    /// <inheritdoc cref="Apply(IEnumerable{LayerItem})"/>
    public Tree Apply(TableOfContents layer, ContentOrigin? origin) => Apply(layer.Entries.Select(entry => new LayerItem(entry, origin)));

    /// <summary>Puts a layer on top, given as the entries of its tar.</summary>
    /// <param name="items">In the tar's order: where a path comes twice the last one holds. Whiteouts delete what is below, never what is beside them, wherever they stand.</param>
    /// <remarks>
    /// A symbolic link in the middle of an entry's path is followed if this very layer made it, within the root; one of a lower layer is
    /// replaced by a directory, as overlayfs would show it.
    /// </remarks>
    /// <exception cref="ContentException">A whiteout names nothing (IK1210), a hard link names no file (IK1211), or links in a path form a loop (IK1212).</exception>
    public Tree Apply(IEnumerable<LayerItem> items)
    {
        var draft = new LayerDraft(Root);
        foreach (LayerItem item in items) draft.Add(item);
        return new Tree(draft.Finish());
    }

    /// <summary>The node at this very path, links not followed; or null.</summary>
    public TreeNode? Find(string path)
    {
        TreeNode? node = Root;
        if (path.Length == 0) return node;
        foreach (Range range in path.AsSpan().Split('/'))
        {
            node = node.Child(path.AsSpan()[range]);
            if (node is null) return null;
        }
        return node;
    }

    /// <summary>Looks up a path as a program with this root would: links are followed, `..` and absolute links end at the root.</summary>
    /// <param name="path">Relative or absolute, `.` and `..` allowed.</param>
    /// <param name="followLast">Whether a link in the last place is followed too.</param>
    public TreeResolution Resolve(string path, bool followLast = true) => TreeWalk.Resolve(Root, path, followLast);

    /// <summary>All nodes, parents first, siblings in ordinal order; the root is the first.</summary>
    public IEnumerable<TreeNode> Walk() => Root.Walk();

    /// <summary>The whole tree as one layer: sorted entries without the root, hard links restored.</summary>
    public IEnumerable<LayerItem> Items() => Root.ItemsAt("").Skip(1);

    /// <summary>The same tree with every file's hash known, so that it has keys.</summary>
    /// <param name="hash">Gives the SHA-256 of a file's bytes; asked once for each node that lacks it, hard links once together, by several threads.</param>
    /// <param name="width">How many are asked for at once.</param>
    /// <param name="cancel">Stops the work.</param>
    public async Task<Tree> WithHashesAsync(Func<TreeNode, CancellationToken, ValueTask<Hash256>> hash, int width, CancellationToken cancel = default) =>
        new(await TreeHashing.FillAsync(Root, hash, width, cancel).ConfigureAwait(false));

    /// <summary>A directory that a layer needs but does not name.</summary>
    internal static TocEntry Implied(string path) => new() { Path = path, Kind = EntryKind.Directory, Mode = 0x1ED };
}
