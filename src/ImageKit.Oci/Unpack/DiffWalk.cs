using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>Walks a changed root filesystem beside the lower tree. `full`: a directory holds all there is, not only changes and whiteouts.</summary>
internal sealed class DiffWalk(DirectoryRoot root, UpperDiffOptions options)
{
    private readonly UpperEntries _entries = new(root, options);
    private readonly HashSet<string> _mountPoints = new(options.MountPoints, StringComparer.Ordinal);

    public DiffNode Visit(TreeNode lower, bool full)
    {
        DiffNode node = _entries.Read("", root.Stat("")!.Value, lower, out _);
        node.IsChanged = !Same(node.Entry, lower.Entry);
        VisitChildren(node, lower, full);
        return node;
    }

    private void VisitChildren(DiffNode directory, TreeNode? lower, bool full)
    {
        List<(string Name, FileStatus Status)> list = root.List(directory.Entry.Path);
        list.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, FileStatus status) in list)
        {
            TreeNode? below = lower?.Child(name);
            if (IsGone(status))
            {
                if (below is not null && !full) directory.Deleted.Add(name);
                continue;
            }
            present.Add(name);
            if (VisitChild(SafePath.Join(directory.Entry.Path, name), status, below, full) is { } child) directory.Children.Add(child);
        }
        if (lower is null) return;
        if (full) directory.Deleted.AddRange(lower.Children.Select(child => child.Name).Where(name => !present.Contains(name)));
        directory.IsOpaque = directory.Deleted.Count > 1 && directory.Deleted.Count == lower.Children.Length;
    }

    /// <summary>Null if it is nothing that could be in a layer.</summary>
    private DiffNode? VisitChild(string path, FileStatus status, TreeNode? below, bool full)
    {
        DiffNode node = _entries.Read(path, status, below, out bool opaque);
        if (status.Kind == FileKind.Directory)
        {
            node.IsChanged = below is not { IsDirectory: true } || !Same(node.Entry, below.Entry);
            VisitChildren(node, below is { IsDirectory: true } ? below : null, full || opaque);
        }
        else
        {
            node.IsChanged = below is null || !IsUnchanged(node, below.Entry, full);
        }
        return below is null && IsMountPoint(node) ? null : node;
    }

    /// <summary>A whiteout of overlayfs; or a socket, which no layer can hold.</summary>
    private static bool IsGone(FileStatus status) => status.Kind == FileKind.Socket || status is { Kind: FileKind.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 };

    private bool IsMountPoint(DiffNode node) => _mountPoints.Contains(node.Entry.Path) && node.Children.Count == 0 && node.Status.Size == 0
        && node.Entry.Kind is EntryKind.File or EntryKind.Directory;

    private bool IsUnchanged(DiffNode node, TocEntry lower, bool full)
    {
        if (!Same(node.Entry, lower)) return false;
        if (node.Entry.Kind != EntryKind.File || node.Entry.Size == 0) return true;
        if (full && options.UntouchedBefore is { } instant && (node.Status.CtimeSeconds, node.Status.CtimeNanoseconds).CompareTo(instant) < 0) return true;
        if (lower.ContentHash.IsDefault) return false;
        node.Entry = node.Entry with { ContentHash = _entries.Hash(node.Entry.Path) };
        return node.Entry.ContentHash == lower.ContentHash;
    }

    /// <summary>Equal in all but times, place in a tar and bytes.</summary>
    private static bool Same(TocEntry a, TocEntry b) => a.Kind == b.Kind && a.Mode == b.Mode && a.Uid == b.Uid && a.Gid == b.Gid && a.Size == b.Size
        && a.LinkTarget == b.LinkTarget && a.DeviceMajor == b.DeviceMajor && a.DeviceMinor == b.DeviceMinor
        && a.Xattrs.AsSpan().SequenceEqual(LayerXattrs.Kept(b.Xattrs).AsSpan());
}
