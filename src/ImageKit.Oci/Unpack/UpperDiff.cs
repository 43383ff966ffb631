using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>
/// Finds what a command changed in a root filesystem, as the entries of a layer: sorted, parents first, with whiteouts. Left out are
/// files equal to the lower tree's (times aside), directories equal to it with no change below, empty mount points, sockets, and attributes of the machine.
/// </summary>
/// <remarks>
/// A directory above a change is always written, even if it is the lower tree's: engines that unpack a layer by itself would give it another mode
/// else. Both ways to look give the same entries for the same changes: a directory that was deleted and made again is compared with what it
/// was; if all that it held is gone, it is marked opaque, and single whiteouts are written otherwise. Files that are hard links to each other are
/// all written if one of them is new or changed.
/// </remarks>
public static class UpperDiff
{
    /// <summary>Reads the upper directory of an overlay mount (made with `redirect_dir=off,metacopy=off`).</summary>
    /// <param name="upper">The upper directory. Its root should have been made with the mode and owner of the lower tree's root.</param>
    /// <param name="lower">What was mounted below it.</param>
    /// <param name="options">What to leave out.</param>
    /// <exception cref="ContentException">The directory cannot be read, or is not complete by itself (IK1223).</exception>
    public static IReadOnlyList<LayerItem> Read(DirectoryRoot upper, Tree lower, UpperDiffOptions? options = null) =>
        Run(upper, lower, options ?? new(), full: false);

    /// <summary>Compares a whole root filesystem with the tree that it was copied from.</summary>
    /// <param name="copy">The root filesystem after the command.</param>
    /// <param name="lower">What it was before.</param>
    /// <param name="options">What to leave out.</param>
    /// <exception cref="ContentException">The directory cannot be read (IK1223).</exception>
    public static IReadOnlyList<LayerItem> Compare(DirectoryRoot copy, Tree lower, UpperDiffOptions? options = null) =>
        Run(copy, lower, options ?? new(), full: true);

    private static List<LayerItem> Run(DirectoryRoot root, Tree lower, UpperDiffOptions options, bool full)
    {
        try
        {
            DiffNode changes = new DiffWalk(root, options).Visit(lower.Root, full);
            HardLinks.Join(changes);
            var items = new List<LayerItem>();
            DiffWriter.Write(changes, new DirectoryOrigin(root), options.Epoch ?? 0, items);
            return items;
        }
        catch (IOException e)
        {
            throw new ContentException("IK1223", "What the command left in its root filesystem cannot be read into a layer.", e.Message, "See that nothing else changes it, and build again.", e);
        }
    }
}
