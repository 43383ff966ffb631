using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Lists the entries of a described layer: sorted, parents first, with nothing of the machine but the files' bytes.</summary>
internal sealed class LayerAssembly(long epoch)
{
    private readonly SortedDictionary<string, LayerItem> _items = new(PathOrder.Instance);

    public ImmutableArray<LayerItem> Assemble(FilesLayer layer, CancellationToken cancel)
    {
        string target = LayerPath.Normalize(layer.Target);
        AddParents(target);
        foreach (LayerContent content in layer.Contents) Add(target, content, cancel);
        if (target.Length > 0) AddFolder(target, KnownFolders.ModeOf(target), 0, 0, replace: false);
        return [.. _items.Values];
    }

    private void Add(string target, LayerContent content, CancellationToken cancel)
    {
        string path = Join(target, LayerPath.Normalize(content.Path));
        if (path.Length > 0) AddParents(path);
        switch (content)
        {
            case LayerContent.Folder folder:
                AddFolder(path, folder.Mode, content.Uid, content.Gid, replace: true);
                break;
            case LayerContent.Bytes bytes:
                Put(File(path, bytes.Mode, bytes.Content.Length, content), new MemoryOrigin(bytes.Content));
                break;
            case LayerContent.HostFile file:
                AddHostFile(path, file);
                break;
            case LayerContent.Symlink link:
                Put(Entry(path, EntryKind.Symlink, 0b111_111_111, content) with { LinkTarget = link.Target }, null);
                break;
            case LayerContent.HostDirectory directory:
                foreach (LayerItem item in new HostTree(directory, epoch).List(path, cancel)) Put(item.Entry, item.Origin);
                break;
            default:
                throw new InvalidOperationException($"Unknown content {content.GetType().Name}."); // the family is closed
        }
    }

    private void AddHostFile(string path, LayerContent.HostFile file)
    {
        FileInfo info = HostTree.Existing(file.HostPath);
        Put(File(path, file.Mode ?? HostTree.ModeOf(info), info.Length, file), new HostOrigin(info.FullName));
    }

    private void AddFolder(string path, int mode, uint uid, uint gid, bool replace)
    {
        if (path.Length == 0) return; // the root is not ours to describe
        if (!replace && _items.ContainsKey(path)) return;
        _items[path] = new(new() { Path = path, Kind = EntryKind.Directory, Mode = mode, Uid = uid, Gid = gid, MtimeSeconds = epoch });
    }

    private void AddParents(string path)
    {
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            AddFolder(path[..slash], KnownFolders.ModeOf(path[..slash]), 0, 0, replace: false);
    }

    private void Put(TocEntry entry, ContentOrigin? origin)
    {
        if (entry.Path.Length > 0) _items[entry.Path] = new(entry, origin);
    }

    private TocEntry File(string path, int mode, long size, LayerContent content) => path.Length > 0
        ? Entry(path, EntryKind.File, mode, content) with { Size = size }
        : throw new ContentException("IK1010", "A file cannot stand in the place of the image's root.", mend: "Give the file a name below the layer's target.");

    private TocEntry Entry(string path, EntryKind kind, int mode, LayerContent content) =>
        new() { Path = path, Kind = kind, Mode = mode, Uid = content.Uid, Gid = content.Gid, MtimeSeconds = epoch };

    private static string Join(string folder, string name) => folder.Length == 0 ? name : name.Length == 0 ? folder : $"{folder}/{name}";
}
