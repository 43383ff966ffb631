using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>
/// A directory root on the base class library alone, for Windows and macOS. Links in the middle of a path are followed as text, within
/// the root; what the platform lacks is EOPNOTSUPP. Between the check of a path and its use another process could put a link: use it on
/// trees that nobody else changes.
/// </summary>
internal sealed class PortableDirectoryRoot : DirectoryRoot
{
    private PortableDirectoryRoot(string path)
        : base(path)
    {
    }

    public override bool IsNative => false;

    public static PortableDirectoryRoot OpenRoot(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full)) return new PortableDirectoryRoot(full);
        throw new PosixException(File.Exists(full) ? Errno.ENOTDIR : Errno.ENOENT, "open", full);
    }

    public override FileStatus? Stat(string path) => Calls.Run("read the status of", path, () =>
    {
        try
        {
            return PortableStatus.Of(FullPath(path));
        }
        catch (PosixException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR) // its directory is missing: so is it
        {
            return null;
        }
    });

    public override List<(string Name, FileStatus Status)> List(string path) => Calls.Run("list", path, () =>
    {
        var found = new List<(string, FileStatus)>();
        foreach (FileSystemInfo entry in new DirectoryInfo(ExistingDirectory(path, "list")).EnumerateFileSystemInfos("*", PortableStatus.Everything))
        {
            if (PortableStatus.Of(entry) is { } status) found.Add((entry.Name, status));
        }
        return found;
    });

    public override SafeFileHandle OpenRead(string path) => Calls.Run("open", path, () =>
    {
        string full = FullPath(path);
        RefuseLink(full, "open", path);
        return File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    });

    public override SafeFileHandle Create(string path, int mode) => Calls.Run("create", path, () =>
    {
        string full = FullPath(path);
        RefuseExisting(full, "create", path);
        SafeFileHandle file = File.OpenHandle(full, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, (UnixFileMode)(mode & 0xFFF));
        return file;
    });

    public override void MakeDirectory(string path, int mode) => Calls.Run("make the directory", path, () =>
    {
        string full = FullPath(path);
        RefuseExisting(full, "make the directory", path);
        Directory.CreateDirectory(full);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(full, (UnixFileMode)(mode & 0xFFF));
        return true;
    });

    public override void MakeSymlink(string path, string target) => Calls.Run("make the link", path, () =>
    {
        string full = FullPath(path);
        RefuseExisting(full, "make the link", path);
        File.CreateSymbolicLink(full, target);
        return true;
    });

    public override void MakeHardLink(string path, string existing) => Calls.Run("make the hard link", path, () =>
    {
        string from = FullPath(existing);
        string full = FullPath(path);
        RefuseExisting(full, "make the hard link", path);
        if (PortableStatus.Of(from) is { Kind: FileKind.Symlink }) File.CreateSymbolicLink(full, new FileInfo(from).LinkTarget!);
        else File.Copy(from, full, overwrite: false);
        return true;
    });

    public override void MakeNode(string path, FileKind kind, int mode, uint major, uint minor) => throw Unsupported("make the node", path);

    public override void SetOwner(string path, uint uid, uint gid) => throw Unsupported("set the owner of", path);

    public override void SetMode(string path, int mode) => Calls.Run("set the mode of", path, () =>
    {
        string full = FullPath(path);
        if (PortableStatus.Of(full) is not { } status) throw new PosixException(Errno.ENOENT, "set the mode of", path);
        if (!OperatingSystem.IsWindows() && status.Kind != FileKind.Symlink) File.SetUnixFileMode(full, (UnixFileMode)(mode & 0xFFF));
        return true;
    });

    public override void SetTimes(string path, long seconds, int nanoseconds) => Calls.Run("set the times of", path, () =>
    {
        string full = FullPath(path);
        if (PortableStatus.Of(full) is not { } status) throw new PosixException(Errno.ENOENT, "set the times of", path);
        DateTime time = DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / 100);
        FileSystemInfo entry = status.Kind == FileKind.Directory ? new DirectoryInfo(full) : new FileInfo(full);
        entry.LastWriteTimeUtc = time; // on a link the link's own
        return true;
    });

    public override IReadOnlyList<(string Name, byte[] Value)> GetXattrs(string path)
    {
        SafePath.Check(path);
        return [];
    }

    public override void SetXattr(string path, string name, ReadOnlySpan<byte> value) => throw Unsupported($"set the attribute {name} of", path);

    public override string ReadLink(string path) => Calls.Run("read the link", path, () =>
    {
        string full = FullPath(path);
        if (PortableStatus.Of(full) is null) throw new PosixException(Errno.ENOENT, "read the link", path);
        string target = new FileInfo(full).LinkTarget ?? throw new PosixException(Errno.EINVAL, "read the link", path);
        return OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target;
    });

    public override void Rename(string path, string newPath) => Calls.Run("rename", path, () =>
    {
        string from = FullPath(path);
        string to = FullPath(newPath);
        bool directory = PortableStatus.Of(from) is { Kind: FileKind.Directory };
        if (directory && Directory.Exists(to)) Directory.Delete(to, recursive: false);
        if (directory) Directory.Move(from, to);
        else File.Move(from, to, overwrite: true);
        return true;
    });

    public override bool Remove(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Calls.Run("remove", path, () => PortableRemoval.Remove(FullPath(path)));
    }

    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>The platform's path of a name, links in its directories followed within the root.</summary>
    private string FullPath(string path)
    {
        SafePath.Check(path);
        if (path.Length == 0) return Path;
        string parent = LinkWalk.Follow(SafePath.Parent(path), below => new FileInfo(Place(below)).LinkTarget?.Replace('\\', OperatingSystem.IsWindows() ? '/' : '\\'));
        return Place(SafePath.Join(parent, SafePath.Name(path)));
    }

    private string Place(string path) => System.IO.Path.Join(Path, path);

    private string ExistingDirectory(string path, string operation)
    {
        string full = FullPath(path);
        return PortableStatus.Of(full) switch
        {
            null => throw new PosixException(Errno.ENOENT, operation, path),
            { Kind: FileKind.Directory } => full,
            _ when path.Length == 0 => full, // the root itself may have been opened by a link
            _ => throw new PosixException(Errno.ENOTDIR, operation, path),
        };
    }

    private static void RefuseLink(string full, string operation, string path)
    {
        if (new FileInfo(full).LinkTarget is not null) throw new PosixException(Errno.ELOOP, operation, path);
    }

    private static void RefuseExisting(string full, string operation, string path)
    {
        if (PortableStatus.Of(full) is not null) throw new PosixException(Errno.EEXIST, operation, path);
    }

    private static PosixException Unsupported(string operation, string path)
    {
        SafePath.Check(path);
        return new(Errno.EOPNOTSUPP, operation, path);
    }
}
