using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>Finds in a tree what the sources of COPY or ADD name.</summary>
internal sealed class CopySelection(Tree tree, IgnorePatterns excludes, bool parents)
{
    /// <summary>Whether a wildcard has to match something.</summary>
    public bool Strict { get; init; }

    /// <summary>Finds all sources, in their order; the matches of a wildcard sorted.</summary>
    /// <exception cref="BuildException">A source without wildcards, or the directory before the first wildcard, is not there (IK4011), a pattern is malformed (IK4012), or nothing matches it where that counts (IK3066).</exception>
    public List<CopyRoot> Find(ImmutableArray<string> sources)
    {
        List<CopyRoot> roots = [];
        foreach (string source in sources)
        {
            string pivot = parents && source.IndexOf("/./", StringComparison.Ordinal) is var at and >= 0 ? TreePaths.Clean(source[..at]) : "";
            bool found = false;
            foreach (string path in new SourceMatch(tree, source, parents).Paths())
            {
                found = true;
                if (Root(path, pivot) is { } root) roots.Add(root);
            }
            if (Strict && !found) throw new BuildException("IK3066", $"Nothing matches \"{source}\".", "A wildcard without a match copies nothing; --strict does not let that pass.", "Correct the pattern.");
        }
        return roots;
    }

    private CopyRoot? Root(string path, string pivot)
    {
        TreeNode node = tree.Resolve(path, followLast: true).Node!;
        string name = parents ? path[(pivot.Length == 0 ? 0 : Math.Min(path.Length, pivot.Length + 1))..] : TreePaths.Name(path);
        if (node.Entry.Kind != EntryKind.Directory)
            return IsExcluded(name, node) ? null : new(name, node, parents, [new("", node)]) { Parents = ParentsOf(path, name) };
        List<CopyEntry> entries = [new("", node)];
        foreach (TreeNode child in node.Children) Add(entries, child, child.Name, []);
        return new(name, node, parents, entries) { Parents = ParentsOf(path, name) };
    }

    // A directory that is excluded itself is held back, and comes in only when something below it is brought back.
    private void Add(List<CopyEntry> entries, TreeNode node, string path, List<CopyEntry> held)
    {
        bool isDirectory = node.Entry.Kind == EntryKind.Directory;
        bool excluded = IsExcluded(path, node);
        if (excluded && (!isDirectory || excludes.CanSkipDirectory(path))) return;
        if (excluded) held.Add(new(path, node));
        else
        {
            entries.AddRange(held);
            held.Clear();
            entries.Add(new(path, node));
        }
        if (!isDirectory) return;
        int depth = held.Count;
        foreach (TreeNode child in node.Children)
        {
            Add(entries, child, $"{path}/{child.Name}", held);
            if (held.Count > depth) held.RemoveRange(depth, held.Count - depth);
        }
        if (excluded && held.Count >= depth && held.Count > 0 && held[^1].Path == path) held.RemoveAt(held.Count - 1);
    }

    private bool IsExcluded(string path, TreeNode node) =>
        !excludes.IsEmpty && path.Length > 0 && excludes.IsIgnored(path, node.Entry.Kind == EntryKind.Directory);

    private List<CopyEntry> ParentsOf(string path, string name)
    {
        List<CopyEntry> above = [];
        if (!parents) return above;
        string prefix = path[..(path.Length - name.Length)];
        for (string parent = TreePaths.Parent(name); parent.Length > 0; parent = TreePaths.Parent(parent))
            if (tree.Resolve(prefix + parent, followLast: true).Node is { } node) above.Insert(0, new(parent, node));
        return above;
    }
}
