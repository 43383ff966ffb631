using System.Collections.Immutable;
using System.Security.Cryptography;
using ImageKit.Posix;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>Makes entries of a layer out of what a command left on disk.</summary>
internal sealed class UpperEntries(DirectoryRoot root, UpperDiffOptions options)
{
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <param name="path">Where.</param>
    /// <param name="status">Its status.</param>
    /// <param name="lower">What the lower tree has there.</param>
    /// <param name="opaque">Whether overlayfs shows nothing of the lower tree below it.</param>
    public DiffNode Read(string path, FileStatus status, TreeNode? lower, out bool opaque)
    {
        IReadOnlyList<(string Name, byte[] Value)> xattrs = root.GetXattrs(path);
        opaque = xattrs.Any(xattr => OverlayXattr.IsOpaque(xattr.Name, xattr.Value));
        if (xattrs.Any(xattr => OverlayXattr.IsIncomplete(xattr.Name))) throw new IOException($"'{path}' points to another directory of the overlay (redirect_dir or metacopy was on).");
        bool own = !options.OwnersFromLower;
        return new DiffNode(
            new TocEntry
            {
                Path = path,
                Kind = Kind(status.Kind),
                Mode = status.Kind == FileKind.Symlink ? 0x1FF : status.Mode,
                Uid = own ? status.Uid : lower?.Entry.Uid ?? 0,
                Gid = own ? status.Gid : lower?.Entry.Gid ?? 0,
                MtimeSeconds = options.Epoch ?? status.MtimeSeconds,
                MtimeNanoseconds = options.Epoch is null ? status.MtimeNanoseconds : 0,
                Size = status.Kind == FileKind.File ? status.Size : 0,
                LinkTarget = status.Kind == FileKind.Symlink ? root.ReadLink(path) : null,
                Xattrs = LayerXattrs.Kept(xattrs),
                DeviceMajor = status.DeviceMajor,
                DeviceMinor = status.DeviceMinor,
            },
            status);
    }

    public Hash256 Hash(string path)
    {
        using SafeFileHandle file = root.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long offset = 0;
        int read;
        while ((read = RandomAccess.Read(file, _buffer, offset)) > 0)
        {
            hash.AppendData(_buffer, 0, read);
            offset += read;
        }
        return new Hash256(hash.GetHashAndReset());
    }

    private static EntryKind Kind(FileKind kind) => kind switch
    {
        FileKind.Directory => EntryKind.Directory,
        FileKind.Symlink => EntryKind.Symlink,
        FileKind.CharacterDevice => EntryKind.CharacterDevice,
        FileKind.BlockDevice => EntryKind.BlockDevice,
        FileKind.Fifo => EntryKind.Fifo,
        _ => EntryKind.File,
    };
}
