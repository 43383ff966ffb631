using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ImageKit.Oci;

/// <summary>Lays the draft of a layer over a lower tree. What the layer does not name is shared, not copied.</summary>
internal static class TreeMerge
{
    public static TreeNode Merge(DraftNode upper, TreeNode? lower, string path)
    {
        if (!upper.IsDirectory) return new TreeNode(At(upper.Entry!, path), upper.Origin, Source(upper, path), []);
        TreeNode? below = lower is { IsDirectory: true } ? lower : null;
        TocEntry entry = upper.Entry is { } named ? At(named, path) : below?.Entry ?? Tree.Implied(path);
        ImmutableArray<TreeNode> hidden = below is null || upper.IsOpaque ? [] : below.Children;
        return new TreeNode(entry, null, null, MergeChildren(upper, hidden, path));
    }

    private static ImmutableArray<TreeNode> MergeChildren(DraftNode upper, ImmutableArray<TreeNode> lower, string path)
    {
        string[] names = [.. upper.Children!.Keys];
        Array.Sort(names, StringComparer.Ordinal);
        var merged = new List<TreeNode>(lower.Length + names.Length);
        int next = 0;
        foreach (string name in names)
        {
            int at = TreeNode.Search(lower.AsSpan()[next..], name);
            int end = next + (at < 0 ? ~at : at);
            AddKept(merged, lower.AsSpan()[next..end], upper.Deleted);
            bool deleted = upper.Deleted?.Contains(name) == true;
            merged.Add(Merge(upper.Children[name], at >= 0 && !deleted ? lower[end] : null, path.Length == 0 ? name : string.Concat(path, "/", name)));
            next = at < 0 ? end : end + 1;
        }
        AddKept(merged, lower.AsSpan()[next..], upper.Deleted);
        return ImmutableCollectionsMarshal.AsImmutableArray(merged.ToArray());
    }

    private static void AddKept(List<TreeNode> merged, ReadOnlySpan<TreeNode> lower, HashSet<string>? deleted)
    {
        if (deleted is null)
        {
            merged.AddRange(lower);
            return;
        }
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> names = deleted.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (TreeNode node in lower)
        {
            if (!names.Contains(node.NameSpan)) merged.Add(node);
        }
    }

    /// <summary>An entry lies elsewhere than it says if a link of its layer stands in its path.</summary>
    private static TocEntry At(TocEntry entry, string path) => entry.Path == path ? entry : entry with { Path = path };

    private static TocEntry? Source(DraftNode node, string path) => node.Source ?? (node.Entry!.Path == path ? null : node.Entry);
}
