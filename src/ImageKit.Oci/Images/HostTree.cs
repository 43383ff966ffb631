using System.Collections.Immutable;
using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>Lists a directory of this machine as entries of a layer.</summary>
internal sealed class HostTree(LayerContent.HostDirectory content, long epoch)
{
    private const int Executable = 0b001_001_001;

    private readonly ImmutableArray<PathPattern> _exclude = [.. content.Exclude.Select(text => new PathPattern(text))];
    private readonly List<LayerItem> _items = [];

    /// <summary>The entries, at <paramref name="target"/> in the image; symbolic links are kept, not followed.</summary>
    public IReadOnlyList<LayerItem> List(string target, CancellationToken cancel)
    {
        string host = Path.GetFullPath(content.HostPath);
        if (!Directory.Exists(host)) throw Unreadable(host, null, "There is no such directory.");
        try
        {
            using DirectoryRoot root = DirectoryRoot.Open(host);
            Add(target, EntryKind.Directory, content.FolderMode);
            Walk(root, host, "", target, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // not ours to read, or gone meanwhile
        {
            throw Unreadable(host, e);
        }
        return _items;
    }

    /// <summary>A file that is there.</summary>
    public static FileInfo Existing(string path) => new FileInfo(path) is { Exists: true } file ? file : throw Unreadable(Path.GetFullPath(path), null, "There is no such file.");

    /// <summary>0755 for what may be executed, else 0644: the umask of the machine must not show in an image.</summary>
    public static int ModeOf(FileInfo file) => Executables((int)file.UnixFileMode);

    public static ContentException Unreadable(string path, Exception? inner, string? why = null) => new("IK1010", $"'{path}' cannot be put into a layer.",
        why ?? inner?.Message ?? "", "Check the path and the rights of the file.", inner);

    private static int Executables(int mode) => mode >= 0 && (mode & Executable) != 0 ? Modes.Directory : Modes.File; // negative: Windows has no modes

    private void Walk(DirectoryRoot root, string host, string relative, string target, CancellationToken cancel)
    {
        foreach ((string name, FileStatus status) in root.List(relative).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            string path = relative.Length == 0 ? name : $"{relative}/{name}", inImage = target.Length == 0 ? name : $"{target}/{name}";
            if (_exclude.Any(pattern => pattern.Matches(path))) continue;
            switch (status.Kind)
            {
                case FileKind.Directory:
                    Add(inImage, EntryKind.Directory, content.FolderMode);
                    Walk(root, host, path, inImage, cancel);
                    break;
                case FileKind.File:
                    Add(inImage, EntryKind.File, content.FileMode ?? Executables(status.Mode), status.Size, new HostOrigin(Path.Combine(host, path)));
                    break;
                case FileKind.Symlink:
                    Add(inImage, EntryKind.Symlink, 0b111_111_111, link: root.ReadLink(path));
                    break;
                default:
                    throw Unreadable(Path.Combine(host, path), null, "It is neither a file, a directory nor a symbolic link.");
            }
        }
    }

    private void Add(string path, EntryKind kind, int mode, long size = 0, ContentOrigin? origin = null, string? link = null) => _items.Add(new(new()
    {
        Path = path,
        Kind = kind,
        Mode = mode,
        Uid = content.Uid,
        Gid = content.Gid,
        MtimeSeconds = epoch,
        Size = size,
        LinkTarget = link,
    }, origin));
}
