namespace ImageKit.Oci;

/// <summary>Collects the entries of one layer, in any order of whiteouts, and then merges them over the lower tree.</summary>
internal sealed class LayerDraft(TreeNode lower)
{
    private readonly DraftNode _root = DraftNode.Directory();
    private readonly List<(DraftNode Node, LayerItem Link)> _links = [];
    private DraftNode? _lastParent;
    private string _lastParentPath = "";

    public void Add(LayerItem item)
    {
        TocEntry entry = item.Entry;
        if (entry.Path.Length == 0)
        {
            if (entry.Kind == EntryKind.Directory) _root.Entry = entry; // a root that is a file or link would be a breakout, and is none of ours
            return;
        }
        string name = entry.Name;
        DraftNode parent = Parent(entry);
        if (!Whiteout.IsWhiteout(name)) Put(parent, name, item);
        else if (name == Whiteout.Opaque) parent.IsOpaque = true;
        else if (!Whiteout.IsAufsLeftover(name)) (parent.Deleted ??= new(StringComparer.Ordinal)).Add(Whiteout.Target(entry));
    }

    public TreeNode Finish() => TreeMerge.Merge(Resolve(), lower, "");

    /// <summary>The layer by itself, with hard links resolved, into lower layers too.</summary>
    /// <exception cref="ContentException">A hard link names no file (IK1211).</exception>
    public DraftNode Resolve()
    {
        foreach ((DraftNode node, LayerItem link) in _links) ResolveLate(node, link);
        _links.Clear();
        return _root;
    }

    private void Put(DraftNode parent, string name, LayerItem item)
    {
        bool known = parent.Children!.TryGetValue(name, out DraftNode? before);
        if (item.Entry.Kind == EntryKind.Directory && known && before!.IsDirectory)
        {
            before.Entry = item.Entry;
            return;
        }
        if (known) _lastParent = null; // what was here may be on the way to that directory
        DraftNode node = item.Entry.Kind == EntryKind.Directory ? DraftNode.Directory() : new DraftNode();
        (node.Entry, node.Origin, node.Source) = (item.Entry, item.Origin, item.Source);
        if (item.Entry.Kind == EntryKind.Hardlink && !TryResolve(node, item, Find(item.Entry.LinkTarget ?? ""))) _links.Add((node, item));
        parent.Children[name] = node;
    }

    /// <summary>The directory that holds an entry. Links of this very layer are followed; what is missing is made, a file in the way replaced.</summary>
    private DraftNode Parent(TocEntry entry)
    {
        ReadOnlySpan<char> path = entry.Path.AsSpan(0, Math.Max(0, entry.Path.LastIndexOf('/')));
        if (_lastParent is not null && path.SequenceEqual(_lastParentPath)) return _lastParent;
        string text = path.ToString();
        (_lastParent, _lastParentPath) = (new DraftWalk(_root).Directory(text, make: true)!, text);
        return _lastParent;
    }

    private DraftNode? Find(string path)
    {
        int slash = path.LastIndexOf('/');
        DraftNode? parent = new DraftWalk(_root).Directory(slash < 0 ? "" : path[..slash], make: false);
        return parent?.Children!.GetValueOrDefault(path[(slash + 1)..]);
    }

    /// <summary>Makes the node one more name of a file that this layer has.</summary>
    private static bool TryResolve(DraftNode node, LayerItem link, DraftNode? target)
    {
        if (target?.Entry is not { Kind: not (EntryKind.Directory or EntryKind.Hardlink) } file) return false;
        node.Entry = file with { Path = link.Entry.Path };
        (node.Origin, node.Source) = (target.Origin, target.Source ?? file);
        return true;
    }

    /// <summary>A link to a file of a lower layer; or, against all custom, to a file that comes later in this one.</summary>
    private void ResolveLate(DraftNode node, LayerItem link)
    {
        string path = link.Entry.LinkTarget ?? "";
        if (TreeWalk.Resolve(lower, path, followLast: false).Node is { IsDirectory: false } file)
        {
            node.Entry = file.Entry with { Path = link.Entry.Path };
            (node.Origin, node.Source) = (file.Origin, file.SourceEntry);
        }
        else if (!TryResolve(node, link, Find(path)))
        {
            throw new ContentException("IK1211", $"The hard link '{link.Entry.Path}' names '{path}', which is no file of this layer or one below it.",
                mend: "Do not use the layer, or make it again with the file in it.");
        }
    }
}
