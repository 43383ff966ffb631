using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Fills the hashes into a tree whose files were not read yet.</summary>
internal static class TreeHashing
{
    public static async Task<TreeNode> FillAsync(TreeNode root, Func<TreeNode, CancellationToken, ValueTask<Hash256>> hash, int width, CancellationToken cancel)
    {
        var unknown = new Dictionary<TocEntry, TreeNode>(ReferenceEqualityComparer.Instance);
        foreach (TreeNode node in root.Walk())
        {
            if (!TreeKey.HasHash(node.Entry)) unknown.TryAdd(node.SourceEntry, node);
        }
        if (unknown.Count == 0) return root;
        var known = new ConcurrentDictionary<TocEntry, Hash256>(width, unknown.Count, ReferenceEqualityComparer.Instance);
        var options = new ParallelOptions { MaxDegreeOfParallelism = width, CancellationToken = cancel };
        await Parallel.ForEachAsync(unknown, options, async (pair, token) =>
            known[pair.Key] = await hash(pair.Value, token).ConfigureAwait(false)).ConfigureAwait(false);
        return Rebuild(root, known);
    }

    private static TreeNode Rebuild(TreeNode node, ConcurrentDictionary<TocEntry, Hash256> known)
    {
        if (node.IsDirectory)
        {
            ImmutableArray<TreeNode> children = Rebuild(node.Children, known);
            return children == node.Children ? node : new TreeNode(node.Entry, node.Origin, node.Source, children);
        }
        // The source stays the very object that hard links have in common.
        return TreeKey.HasHash(node.Entry) ? node : new TreeNode(node.Entry with { ContentHash = known[node.SourceEntry] }, node.Origin, node.SourceEntry, []);
    }

    private static ImmutableArray<TreeNode> Rebuild(ImmutableArray<TreeNode> children, ConcurrentDictionary<TocEntry, Hash256> known)
    {
        ImmutableArray<TreeNode>.Builder? changed = null;
        for (int i = 0; i < children.Length; i++)
        {
            TreeNode child = Rebuild(children[i], known);
            if (changed is null && ReferenceEquals(child, children[i])) continue;
            changed ??= children.ToBuilder();
            changed[i] = child;
        }
        return changed?.MoveToImmutable() ?? children;
    }
}
