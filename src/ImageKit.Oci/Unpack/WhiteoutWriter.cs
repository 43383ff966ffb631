using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>Does the deletions of a layer, or writes them down for overlayfs. They strike what lower layers have, never what is beside them in the layer, whichever came first.</summary>
internal sealed class WhiteoutWriter(DirectoryRoot root, UnpackTarget target, WhiteoutStyle style)
{
    private readonly List<(string Place, bool Opaque)> _later = [];

    public void Add(TocEntry entry)
    {
        if (Whiteout.IsAufsLeftover(entry.Name)) return;
        bool opaque = entry.Name == Whiteout.Opaque;
        string place = target.Place(opaque ? entry.Path : SafePath.Join(SafePath.Parent(entry.Path), Whiteout.Target(entry)));
        if (style != WhiteoutStyle.Apply) _later.Add((opaque ? SafePath.Parent(place) : place, opaque));
        else if (opaque) RemoveUntouched(SafePath.Parent(place));
        else if (!target.IsTouched(place)) target.Remove(place);
        else if (root.Stat(place) is { Kind: FileKind.Directory }) RemoveUntouched(place);
    }

    /// <summary>For overlayfs: once it is known what else the layer has in these places.</summary>
    public void Finish()
    {
        foreach ((string place, bool opaque) in _later)
        {
            FileStatus? there = root.Stat(place);
            try
            {
                if (opaque || there is { Kind: FileKind.Directory }) root.SetXattr(place, OverlayXattr.Opaque(style), "y"u8);
                else if (there is null) root.MakeNode(place, FileKind.CharacterDevice, mode: 0, major: 0, minor: 0);
            }
            catch (PosixException e) when (UnpackErrors.IsLackOfRights(e)) // never left out: without it deleted files would come back
            {
                throw UnpackErrors.Refused(e, place);
            }
        }
    }

    /// <summary>Deletes what only lower layers put below a directory.</summary>
    private void RemoveUntouched(string directory)
    {
        foreach ((string name, FileStatus status) in root.List(directory))
        {
            string place = SafePath.Join(directory, name);
            if (!target.IsTouched(place))
            {
                target.Remove(place);
            }
            else if (status.Kind == FileKind.Directory)
            {
                RemoveUntouched(place);
                if (target.Directories.TryGetValue(place, out DirectoryRecord record) && record.Entry is null) target.Imply(place);
            }
        }
    }
}
