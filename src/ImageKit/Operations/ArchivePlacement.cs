using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>Unpacks an archive's members into a layer, below one directory, as tar does in a root: links in paths are followed inside it.</summary>
internal sealed class ArchivePlacement(LayerDraft draft, string target, Owner? owner, FileModeChange? chmod)
{
    private const int DirectoryMode = 0x1ED; // 0755
    private readonly Dictionary<string, (LayerItem Item, object Identity)> _files = new(StringComparer.Ordinal);

    public void Place(List<ArchiveMember> members)
    {
        foreach ((TocEntry entry, ContentOrigin origin) in members)
        {
            if (entry.Path.Length == 0) continue; // the root itself, which keeps what it has
            string parent = draft.Resolve(TreePaths.Join(target, TreePaths.Parent(entry.Path)), followLast: true);
            draft.EnsureDirectory(parent, owner ?? Owner.Root, DirectoryMode);
            string path = TreePaths.Join(parent, TreePaths.Name(entry.Path));
            // A directory member that is a link to a directory in the image stays the link.
            if (entry.Kind == EntryKind.Directory && draft.Find(path) is { Kind: EntryKind.Symlink }
                && draft.Find(draft.Resolve(path, followLast: true)) is { Kind: EntryKind.Directory }) continue;
            if (entry.Kind == EntryKind.Hardlink) PutLink(entry, path);
            else Put(entry, origin, path);
        }
    }

    private void Put(TocEntry entry, ContentOrigin origin, string path)
    {
        TocEntry own = entry with
        {
            Path = path,
            Mode = chmod is null || entry.Kind == EntryKind.Symlink ? entry.Mode : chmod.Apply(entry.Mode, entry.Kind == EntryKind.Directory),
            Uid = owner?.Uid ?? entry.Uid,
            Gid = owner?.Gid ?? entry.Gid,
            MtimeNanoseconds = 0,
            Offset = 0,
        };
        bool isFile = entry.Kind == EntryKind.File;
        object? identity = isFile ? new object() : null;
        LayerItem item = new(own, isFile ? origin : null, isFile ? entry : null);
        draft.Put(item, identity);
        if (isFile) _files[path] = (item, identity!);
    }

    private void PutLink(TocEntry entry, string path)
    {
        string parent = draft.Resolve(TreePaths.Join(target, TreePaths.Parent(entry.LinkTarget!)), followLast: true);
        string file = TreePaths.Join(parent, TreePaths.Name(entry.LinkTarget!));
        if (!_files.TryGetValue(file, out (LayerItem Item, object Identity) known)) throw new BuildException("IK4033",
            $"The archive's member '{entry.Path}' is a hard link to '{entry.LinkTarget}', which is not in the archive before it.", "The archive is broken.",
            "Make the archive again.");
        LayerItem item = known.Item with { Entry = known.Item.Entry with { Path = path } };
        draft.Put(item, known.Identity);
        _files[path] = (item, known.Identity);
    }
}
