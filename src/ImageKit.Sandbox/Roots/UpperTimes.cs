using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>
/// Gives the files that a command left on disk the times that its layer says, so that the next command sees the same whether the layer was made
/// here or unpacked from its tar.
/// </summary>
internal static class UpperTimes
{
    /// <summary>Sets them.</summary>
    /// <param name="directory">An upper directory, or a whole root filesystem.</param>
    /// <param name="items">The layer's entries, whose times are the epoch.</param>
    /// <param name="lower">All else has the times of this tree: files that were touched, directories in which a mount point was made.</param>
    /// <param name="epoch">Seconds since 1970.</param>
    public static void Set(DirectoryRoot directory, IReadOnlyList<LayerItem> items, Tree lower, long epoch)
    {
        HashSet<string> written = [];
        // Deepest first: setting a time changes no other one, but nothing below may be made afterwards.
        foreach (LayerItem item in items.Reverse().Where(item => !Whiteout.IsWhiteout(item.Entry.Name)))
        {
            directory.SetTimes(item.Entry.Path, epoch, 0);
            written.Add(item.Entry.Path);
        }
        Restore(directory, lower.Root, written);
    }

    private static void Restore(DirectoryRoot directory, TreeNode lower, HashSet<string> written)
    {
        foreach ((string name, FileStatus status) in directory.List(lower.Path))
        {
            if (lower.Child(name) is not { } node) continue; // new, and so are all below it
            if (status.Kind == FileKind.Directory && node.IsDirectory) Restore(directory, node, written);
            TocEntry entry = node.Entry;
            bool same = (status.MtimeSeconds, status.MtimeNanoseconds) == (entry.MtimeSeconds, entry.MtimeNanoseconds);
            // A device may be an overlay's whiteout, which has no time.
            if (same || written.Contains(node.Path) || status.Kind == FileKind.CharacterDevice) continue;
            directory.SetTimes(node.Path, entry.MtimeSeconds, entry.MtimeNanoseconds);
        }
    }
}
