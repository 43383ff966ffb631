namespace ImageKit.Oci;

/// <summary>Follows a path and its links in a tree, never out of the root.</summary>
internal static class TreeWalk
{
    public const int MaximumLinks = 40; // as Linux

    public static TreeResolution Resolve(TreeNode root, string path, bool followLast)
    {
        var pending = new Stack<string>(path.Split('/').Reverse());
        var done = new List<TreeNode> { root };
        int links = 0;
        while (pending.TryPop(out string? name))
        {
            if (name is "" or ".") continue;
            TreeNode here = done[^1];
            if (!here.IsDirectory) return new(TreeLookup.NotDirectory, null, here.Path);
            if (name == "..")
            {
                if (done.Count > 1) done.RemoveAt(done.Count - 1);
                continue;
            }
            TreeNode? next = here.Child(name);
            if (next is null) return new(TreeLookup.Missing, null, Place(here.Path, name, pending));
            bool last = pending.All(rest => rest is "" or ".");
            if (next.Entry.Kind != EntryKind.Symlink || (last && !followLast))
            {
                done.Add(next);
                continue;
            }
            if (++links > MaximumLinks) return new(TreeLookup.Loop, null, next.Path);
            Push(next.Entry.LinkTarget ?? "", pending, done);
        }
        return new(TreeLookup.Found, done[^1], done[^1].Path);
    }

    private static void Push(string target, Stack<string> pending, List<TreeNode> done)
    {
        if (target.StartsWith('/')) done.RemoveRange(1, done.Count - 1);
        foreach (string part in target.Split('/').Reverse()) pending.Push(part);
    }

    /// <summary>Where a missing name and those behind it would be: there are no links to follow any more.</summary>
    private static string Place(string directory, string name, Stack<string> pending)
    {
        var parts = new List<string>(directory.Length == 0 ? [] : directory.Split('/')) { name };
        foreach (string rest in pending)
        {
            if (rest is "" or ".") continue;
            if (rest != "..") parts.Add(rest);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }
        return string.Join('/', parts);
    }
}
