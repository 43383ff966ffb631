namespace ImageKit.Oci;

/// <summary>Lists a merged layer: first all that has no bytes, parents first and sorted; then files, by layer and place in its tar, so that each layer is read once; then further names of files.</summary>
internal sealed class MergedItems(DraftNode root, bool isWhole, Func<ContentOrigin, int> order)
{
    private readonly List<LayerItem> _light = [], _files = [], _links = [];
    private readonly Dictionary<TocEntry, string> _names = new(ReferenceEqualityComparer.Instance);

    /// <summary>The entries, in the order of the tar.</summary>
    public IReadOnlyList<LayerItem> List()
    {
        if (root.Entry is { } named) _light.Add(new(named));
        Walk(root, "");
        _files.Sort((left, right) => (order(left.Origin!), left.SourceEntry.Offset).CompareTo((order(right.Origin!), right.SourceEntry.Offset)));
        return [.. _light, .. _files, .. _links];
    }

    private void Walk(DraftNode directory, string path)
    {
        if (!isWhole) Deletions(directory, path);
        foreach ((string name, DraftNode child) in directory.Children!.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            string below = path.Length == 0 ? name : $"{path}/{name}";
            if (!child.IsDirectory) Add(child, below);
            else
            {
                child.IsOpaque |= !directory.IsOpaque && directory.Deleted?.Contains(name) == true;
                // One that no layer names keeps what the layers below say of it, unless they are hidden.
                if (child.Entry is not null || isWhole || child.IsOpaque) _light.Add(new((child.Entry ?? Tree.Implied(below)) with { Path = below }));
                Walk(child, below);
            }
        }
    }

    private void Deletions(DraftNode directory, string path)
    {
        string prefix = path.Length == 0 ? "" : path + "/";
        if (directory.IsOpaque) _light.Add(Mark(prefix + Whiteout.Opaque));
        foreach (string name in (directory.Deleted ?? []).Where(name => !directory.Children!.ContainsKey(name)).Order(StringComparer.Ordinal)) _light.Add(Mark(prefix + Whiteout.Prefix + name));
    }

    private void Add(DraftNode node, string path)
    {
        TocEntry source = node.Source ?? node.Entry!, entry = node.Entry! with { Path = path };
        // Another name of what was listed: hard links have their source in common.
        if (!_names.TryAdd(source, path)) _links.Add(new(entry with { Kind = EntryKind.Hardlink, LinkTarget = _names[source], Size = 0, ContentHash = default, Offset = 0, Sparse = default }));
        else if (entry is { Kind: EntryKind.File, Size: > 0 }) _files.Add(new(entry, node.Origin, source));
        else _light.Add(new(entry));
    }

    private static LayerItem Mark(string path) => new(new() { Path = path, Kind = EntryKind.File, Mode = Modes.File });
}
