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
    /// <param name="directory">An upper directory, or with no <paramref name="lower"/> a whole root filesystem.</param>
    /// <param name="items">The layer's entries, whose times are the epoch.</param>
    /// <param name="lower">What else lies in an upper directory has the times of this tree.</param>
    /// <param name="epoch">Seconds since 1970.</param>
    public static void Set(DirectoryRoot directory, IReadOnlyList<LayerItem> items, Tree? lower, long epoch)
    {
        HashSet<string> written = [];
        // Deepest first: setting a time changes no other one, but nothing below may be made afterwards.
        foreach (LayerItem item in items.Reverse().Where(item => !Whiteout.IsWhiteout(item.Entry.Name)))
        {
            directory.SetTimes(item.Entry.Path, epoch, 0);
            written.Add(item.Entry.Path);
        }
        if (lower is not null) Restore(directory, "", written, lower);
    }

    private static void Restore(DirectoryRoot directory, string path, HashSet<string> written, Tree lower)
    {
        foreach ((string name, FileStatus status) in directory.List(path))
        {
            string place = path.Length == 0 ? name : $"{path}/{name}";
            if (status.Kind == FileKind.Directory) Restore(directory, place, written, lower);
            if (!written.Contains(place) && lower.Find(place)?.Entry is { } entry && status.Kind != FileKind.CharacterDevice)
            {
                directory.SetTimes(place, entry.MtimeSeconds, entry.MtimeNanoseconds);
            }
        }
    }
}
