using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>Lists what belongs into the layer.</summary>
internal static class DiffWriter
{
    public static void Write(DiffNode node, ContentOrigin origin, long epoch, List<LayerItem> items)
    {
        int before = items.Count;
        items.Add(new LayerItem(node.Entry, node.Entry.Kind == EntryKind.File ? origin : null));
        WriteBelow(node, origin, epoch, items);
        if (!node.IsChanged && items.Count == before + 1) items.RemoveAt(before);
        // The root of a layer goes without saying unless it changed.
        else if (!node.IsChanged && node.Entry.Path.Length == 0) items.RemoveAt(before);
    }

    /// <summary>Whiteouts and children, sorted together by their names.</summary>
    private static void WriteBelow(DiffNode node, ContentOrigin origin, long epoch, List<LayerItem> items)
    {
        string path = node.Entry.Path;
        var whiteouts = new Queue<string>(node.IsOpaque ? [Whiteout.Opaque] : node.Deleted.Select(name => Whiteout.Prefix + name));
        foreach (DiffNode child in node.Children)
        {
            while (whiteouts.TryPeek(out string? name) && string.CompareOrdinal(name, child.Entry.Name) < 0) items.Add(Deletion(path, whiteouts.Dequeue(), epoch));
            Write(child, origin, epoch, items);
        }
        foreach (string name in whiteouts) items.Add(Deletion(path, name, epoch));
    }

    private static LayerItem Deletion(string directory, string name, long epoch) =>
        new(new TocEntry { Path = SafePath.Join(directory, name), Kind = EntryKind.File, MtimeSeconds = epoch });
}
