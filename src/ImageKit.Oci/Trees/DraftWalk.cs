namespace ImageKit.Oci;

/// <summary>Finds or makes directories in the draft of a layer, following the links that are in it, never out of the root.</summary>
internal readonly ref struct DraftWalk(DraftNode root)
{
    /// <summary>Null if there is none and none is to be made.</summary>
    /// <exception cref="ContentException">More than 40 links (IK1212).</exception>
    public DraftNode? Directory(string path, bool make)
    {
        if (path.Length == 0) return root;
        var pending = new Stack<string>(path.Split('/').Reverse());
        var done = new List<DraftNode> { root };
        int links = 0;
        while (pending.TryPop(out string? name))
        {
            if (name is "" or ".") continue;
            if (name == "..")
            {
                if (done.Count > 1) done.RemoveAt(done.Count - 1);
                continue;
            }
            DraftNode? next = Child(done[^1], name, make);
            if (next is null) return null;
            if (next.IsDirectory)
            {
                done.Add(next);
                continue;
            }
            if (++links > TreeWalk.MaximumLinks) throw Loop(path);
            string target = next.Entry!.LinkTarget ?? "";
            if (target.StartsWith('/')) done.RemoveRange(1, done.Count - 1);
            foreach (string part in target.Split('/').Reverse()) pending.Push(part);
        }
        return done[^1];
    }

    /// <summary>A directory or link of this name.</summary>
    private static DraftNode? Child(DraftNode parent, string name, bool make)
    {
        bool known = parent.Children!.TryGetValue(name, out DraftNode? next);
        if (known && (next!.IsDirectory || next.Entry?.Kind == EntryKind.Symlink)) return next;
        if (!make) return null;
        DraftNode made = DraftNode.Directory();
        parent.Children[name] = made;
        return made;
    }

    private static ContentException Loop(string path) => new("IK1212", $"The layer has an entry below '{path}', where symbolic links lead round in a circle.",
        mend: "Do not use the layer, or make it again without this entry.");
}
