namespace ImageKit.Oci;

/// <summary>Finds the files in a changed root filesystem that are one inode, and makes all but the first hard links to it.</summary>
internal static class HardLinks
{
    public static void Join(DiffNode root)
    {
        var groups = new Dictionary<(ulong Device, ulong Inode), List<DiffNode>>();
        Collect(root, groups);
        foreach (List<DiffNode> group in groups.Values)
        {
            if (!group.Exists(node => node.IsChanged)) continue;
            group[0].IsChanged = true; // even if it is the lower tree's: engines that unpack a layer by itself need the file to link to
            foreach (DiffNode node in group.Skip(1))
            {
                node.IsChanged = true;
                node.Entry = node.Entry with { Kind = EntryKind.Hardlink, LinkTarget = group[0].Entry.Path, Size = 0, ContentHash = default };
            }
        }
    }

    private static void Collect(DiffNode node, Dictionary<(ulong, ulong), List<DiffNode>> groups)
    {
        if (node.Entry.Kind != EntryKind.Directory && node.Status.LinkCount > 1)
        {
            (ulong, ulong) inode = (node.Status.Device, node.Status.Inode);
            if (!groups.TryGetValue(inode, out List<DiffNode>? group)) groups[inode] = group = [];
            group.Add(node);
        }
        foreach (DiffNode child in node.Children) Collect(child, groups);
    }
}
