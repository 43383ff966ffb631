using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Contexts;

/// <summary>One walk over a directory: what is not ignored becomes entries, with the hashes that are known from earlier builds.</summary>
internal sealed class DirectoryScan(DirectoryRoot root, IgnorePatterns ignore, Dictionary<string, KnownFile> known, DateTimeOffset started)
{
    private const int DirectoryMode = 0x1ED; // 0755
    private static readonly Hash256 EmptyHash = Hash256.Of([]);
    private readonly ContextOrigin _origin = new(root);
    private readonly List<LayerItem> _items = [];
    private readonly List<(string Path, FileStamp Stamp, TocEntry Entry)> _files = [];
    private readonly Dictionary<(ulong Device, ulong Inode), string> _links = [];
    private readonly List<string> _held = []; // ignored directories above, which come in only with something below them
    private int _unknown;
    private int _remembered;

    /// <summary>The entries: parents first, children sorted.</summary>
    public List<LayerItem> Run(CancellationToken cancel)
    {
        Walk("", cancel);
        _remembered = known.Count;
        known.Clear(); // it is large, and lives on in the entries
        known.TrimExcess();
        return _items;
    }

    /// <summary>All files whose hashes are known now and may be trusted by the next build; null if the memo on disk says the same.</summary>
    public IEnumerable<KeyValuePair<string, KnownFile>>? Settled() => _unknown == 0 && _remembered == _files.Count ? null
        : from file in _files
          let hash = file.Entry.ContentHash.IsDefault ? _origin.Find(file.Entry) : file.Entry.ContentHash
          where !hash.IsDefault && file.Stamp.IsSettled(started)
          select KeyValuePair.Create(file.Path, new KnownFile(file.Stamp, hash, file.Entry.Xattrs));

    private void Walk(string directory, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        List<(string Name, FileStatus Status)> children = root.List(directory);
        children.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach ((string name, FileStatus status) in children)
        {
            string path = directory.Length == 0 ? name : $"{directory}/{name}";
            bool isDirectory = status.Kind == FileKind.Directory;
            bool ignored = !ignore.IsEmpty && ignore.IsIgnored(path, isDirectory);
            if (ignored && (!isDirectory || ignore.CanSkipDirectory(path))) continue;
            if (ignored) _held.Add(path);
            else
            {
                Release();
                Add(path, status);
            }
            if (!isDirectory) continue;
            Walk(path, cancel);
            if (ignored && _held.Count > 0 && _held[^1] == path) _held.RemoveAt(_held.Count - 1);
        }
    }

    private void Release()
    {
        foreach (string path in _held) _items.Add(new(new TocEntry { Path = path, Kind = EntryKind.Directory, Mode = DirectoryMode }));
        _held.Clear();
    }

    private void Add(string path, in FileStatus status)
    {
        if (WhiteoutName.Is(path)) throw WhiteoutName.Refusal(path);
        TocEntry entry = new()
        {
            Path = path,
            Kind = KindOf(status.Kind),
            Mode = status.Kind == FileKind.Symlink ? 0x1FF : status.Mode,
            MtimeSeconds = status.MtimeSeconds,
            DeviceMajor = status.DeviceMajor,
            DeviceMinor = status.DeviceMinor,
        };
        if (status.Kind == FileKind.File) AddFile(entry, status);
        else if (status.Kind == FileKind.Symlink) _items.Add(new(entry with { LinkTarget = root.ReadLink(path) }));
        // A socket means nothing outside of its process: an empty file stands for it, as with BuildKit.
        else if (status.Kind == FileKind.Socket) _items.Add(new(entry with { ContentHash = EmptyHash }, _origin));
        else _items.Add(new(entry));
    }

    private void AddFile(TocEntry entry, in FileStatus status)
    {
        if (status.LinkCount > 1 && status.Inode != 0 && !_links.TryAdd((status.Device, status.Inode), entry.Path))
        {
            _items.Add(new(entry with { Kind = EntryKind.Hardlink, LinkTarget = _links[(status.Device, status.Inode)] }));
            return;
        }
        FileStamp stamp = FileStamp.Of(status);
        bool hit = known.TryGetValue(entry.Path, out KnownFile file) && file.Stamp == stamp;
        if (!hit) _unknown++;
        Hash256 hash = hit ? file.Hash : status.Size == 0 ? EmptyHash : default;
        TocEntry whole = entry with { Size = status.Size, ContentHash = hash, Xattrs = hit ? file.Xattrs : Attributes(entry.Path) };
        _files.Add((entry.Path, stamp, whole));
        _items.Add(new(whole, _origin));
    }

    // What the machine's own security modules and access lists write on files is not the image's.
    private ImmutableArray<Xattr> Attributes(string path) =>
    [
        .. root.GetXattrs(path).Where(pair => pair.Name == "security.capability" || pair.Name.StartsWith("user.", StringComparison.Ordinal))
            .Select(pair => new Xattr(pair.Name, [.. pair.Value])),
    ];

    private static EntryKind KindOf(FileKind kind) => kind switch
    {
        FileKind.Directory => EntryKind.Directory,
        FileKind.Symlink => EntryKind.Symlink,
        FileKind.CharacterDevice => EntryKind.CharacterDevice,
        FileKind.BlockDevice => EntryKind.BlockDevice,
        FileKind.Fifo => EntryKind.Fifo,
        _ => EntryKind.File,
    };
}
