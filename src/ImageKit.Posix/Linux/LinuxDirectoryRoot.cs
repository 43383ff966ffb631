using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>A directory root on Linux's own calls, each on a name below an open directory.</summary>
internal sealed class LinuxDirectoryRoot : DirectoryRoot
{
    private static readonly byte[] Itself = ".\0"u8.ToArray();
    private readonly ParentDirectories _parents;

    private LinuxDirectoryRoot(string path, SafeFileHandle root)
        : base(path) => _parents = new ParentDirectories(root);

    public override bool IsNative => true;

    /// <summary>For tests of the walk that old kernels need.</summary>
    internal bool UseOpenat2
    {
        get => _parents.UseOpenat2;
        set => _parents.UseOpenat2 = value;
    }

    public static LinuxDirectoryRoot OpenRoot(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        SafeFileHandle handle = Libc.Open(NameText.ToCall(full), Libc.OpenReadOnly | Libc.OpenDirectory | Libc.OpenCloseOnExec, 0);
        if (handle.IsInvalid && Marshal.GetLastPInvokeError() == Errno.EACCES) // a directory that may be passed but not listed
        {
            handle = Libc.Open(NameText.ToCall(full), Libc.OpenPath | Libc.OpenDirectory | Libc.OpenCloseOnExec, 0);
        }
        return handle.IsInvalid ? throw PosixException.Last("open", full) : new LinuxDirectoryRoot(full, handle);
    }

    public override FileStatus? Stat(string path)
    {
        SafePath.Check(path);
        try
        {
            using ParentDirectories.Lease parent = _parents.Of(path);
            if (Statx.TryRead(parent.Directory, Name(path), out FileStatus status)) return status;
        }
        catch (PosixException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR) // its directory is missing: so is it
        {
            return null;
        }
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENOENT or Errno.ENOTDIR ? null : throw new PosixException(errno, "read the status of", path);
    }

    public override List<(string Name, FileStatus Status)> List(string path)
    {
        using SafeFileHandle directory = OpenAt(path, "list", Libc.OpenReadOnly | Libc.OpenDirectory);
        return DirectoryReader.List(directory, path);
    }

    public override SafeFileHandle OpenRead(string path) => OpenAt(path, "open", Libc.OpenReadOnly | Libc.OpenNonBlocking);

    public override SafeFileHandle Create(string path, int mode)
    {
        SafeFileHandle file = OpenAt(path, "create", Libc.OpenReadWrite | Libc.OpenCreate | Libc.OpenExclusive, mode & 0x1FF);
        if (Libc.Chmod(file, mode) == 0) return file;
        PosixException error = PosixException.Last("set the mode of", path);
        file.Dispose();
        throw error;
    }

    public override void MakeDirectory(string path, int mode)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        Check(Libc.MkdirAt(parent.Directory, Name(path), mode & 0x1FF), "make the directory", path);
        FileModes.Set(parent.Directory, Name(path), mode, path); // mkdir leaves out the umask's bits and setuid
    }

    public override void MakeSymlink(string path, string target)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        Check(Libc.SymlinkAt(NameText.ToCall(target), parent.Directory, Name(path)), "make the link", path);
    }

    public override void MakeHardLink(string path, string existing)
    {
        SafePath.Check(existing);
        using ParentDirectories.Lease from = _parents.Of(existing);
        using ParentDirectories.Lease parent = ParentOf(path);
        Check(Libc.LinkAt(from.Directory, Name(existing), parent.Directory, Name(path), flags: 0), "make the hard link", path);
    }

    public override void MakeNode(string path, FileKind kind, int mode, uint major, uint minor)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        // glibc's makedev: 12 low bits of the major at 8, 8 low bits of the minor at 0, the rest above.
        ulong device = ((ulong)(major & 0xFFF) << 8) | ((ulong)(major & ~0xFFFu) << 32) | (minor & 0xFF) | ((ulong)(minor & ~0xFFu) << 12);
        Check(Libc.MknodAt(parent.Directory, Name(path), Statx.TypeBits(kind) | (mode & 0x1FF), device), "make the node", path);
        FileModes.Set(parent.Directory, Name(path), mode, path);
    }

    public override void SetOwner(string path, uint uid, uint gid)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        Check(Libc.ChownAt(parent.Directory, Name(path), uid, gid, Libc.NoFollow), "set the owner of", path);
    }

    public override void SetMode(string path, int mode)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        FileModes.Set(parent.Directory, Name(path), mode, path);
    }

    public override void SetTimes(string path, long seconds, int nanoseconds)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        long[] times = [seconds, nanoseconds, seconds, nanoseconds];
        Check(Libc.UtimensAt(parent.Directory, Name(path), times, Libc.NoFollow), "set the times of", path);
    }

    public override IReadOnlyList<(string Name, byte[] Value)> GetXattrs(string path)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        return Xattrs.Read(parent.Directory, Name(path), path);
    }

    public override void SetXattr(string path, string name, ReadOnlySpan<byte> value)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        Xattrs.Write(parent.Directory, Name(path), name, value, path);
    }

    public override string ReadLink(string path)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        return ParentDirectories.ReadLinkAt(parent.Directory, Name(path)) ?? throw PosixException.Last("read the link", path);
    }

    public override void Rename(string path, string newPath)
    {
        SafePath.Check(newPath);
        using ParentDirectories.Lease from = ParentOf(path);
        using ParentDirectories.Lease to = _parents.Of(newPath);
        _parents.Forget();
        Check(Libc.RenameAt(from.Directory, Name(path), to.Directory, Name(newPath)), "rename", path);
    }

    public override bool Remove(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Stat(path) is null) return false;
        using ParentDirectories.Lease parent = ParentOf(path);
        _parents.Forget();
        TreeRemoval.Remove(parent.Directory, Name(path), path);
        return true;
    }

    protected override void Dispose(bool disposing) => _parents.Dispose();

    private SafeFileHandle OpenAt(string path, string operation, int flags, int mode = 0)
    {
        using ParentDirectories.Lease parent = ParentOf(path);
        SafeFileHandle handle = Libc.OpenAt(parent.Directory, Name(path), flags | Libc.OpenNoFollow | Libc.OpenCloseOnExec, mode);
        return handle.IsInvalid ? throw PosixException.Last(operation, path) : handle;
    }

    private ParentDirectories.Lease ParentOf(string path)
    {
        SafePath.Check(path);
        return _parents.Of(path);
    }

    private static byte[] Name(string path) => path.Length == 0 ? Itself : NameText.ToCall(SafePath.Name(path));

    private static void Check(int result, string operation, string path)
    {
        if (result != 0) throw PosixException.Last(operation, path);
    }
}
