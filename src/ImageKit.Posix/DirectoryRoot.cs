using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>
/// A directory on disk that nothing done through it can leave. Paths are relative, see <see cref="SafePath"/>. Symbolic links in the
/// middle of a path are followed as if this directory were the root of the system; a link in the last place never is.
/// </summary>
/// <remarks>
/// Safe for many threads. Every failure of the system is a <see cref="PosixException"/>; a path outside the grammar is an
/// <see cref="ArgumentException"/>. The last directory used is kept open: renames made behind this object's back may be seen late.
/// On Linux names that differ in case are different; the portable twin is as case-insensitive as the file system below it, so that
/// `Create("A")` beside an `a` is EEXIST on Windows and macOS.
/// </remarks>
public abstract class DirectoryRoot : IDisposable
{
    private protected DirectoryRoot(string path) => Path = path;

    /// <summary>Where the directory was when it was opened, an absolute path.</summary>
    public string Path { get; }

    /// <summary>Whether owners, devices, hard links and extended attributes are real here: true on Linux, false in the portable twin.</summary>
    public abstract bool IsNative { get; }

    /// <summary>Opens an existing directory with what the platform does best.</summary>
    /// <exception cref="PosixException">It is missing, no directory, or not to be opened.</exception>
    public static DirectoryRoot Open(string path) =>
        OperatingSystem.IsLinux() ? LinuxDirectoryRoot.OpenRoot(path) : OpenPortable(path);

    /// <summary>Opens an existing directory with the twin that Windows and macOS use: no owners, no devices, no extended attributes; hard links are copies.</summary>
    /// <exception cref="PosixException">It is missing or no directory.</exception>
    public static DirectoryRoot OpenPortable(string path) => PortableDirectoryRoot.OpenRoot(path);

    /// <summary>The status of an entry, or null if there is none.</summary>
    public abstract FileStatus? Stat(string path);

    /// <summary>A directory's entries with their status, in no order; one that vanishes meanwhile is left out.</summary>
    public abstract List<(string Name, FileStatus Status)> List(string path);

    /// <summary>Opens a file for reading. Does not wait on a named pipe.</summary>
    public abstract SafeFileHandle OpenRead(string path);

    /// <summary>Makes a new file, which must not exist, and opens it for writing and reading. The umask does not count.</summary>
    public abstract SafeFileHandle Create(string path, int mode);

    /// <summary>Makes a directory, which must not exist. The umask does not count.</summary>
    public abstract void MakeDirectory(string path, int mode);

    /// <summary>Makes a symbolic link with this very text.</summary>
    public abstract void MakeSymlink(string path, string target);

    /// <summary>Gives <paramref name="existing"/> (below this root too, not followed) a second name.</summary>
    public abstract void MakeHardLink(string path, string existing);

    /// <summary>Makes a device, named pipe or socket.</summary>
    public abstract void MakeNode(string path, FileKind kind, int mode, uint major, uint minor);

    /// <summary>Changes the owner; a link's own. The kernel may clear setuid and capabilities: set those afterwards.</summary>
    public abstract void SetOwner(string path, uint uid, uint gid);

    /// <summary>Changes the permission bits, 0 to 07777; does nothing on a symbolic link, which has none.</summary>
    public abstract void SetMode(string path, int mode);

    /// <summary>Sets the time of the last change (and access); a link's own.</summary>
    public abstract void SetTimes(string path, long seconds, int nanoseconds);

    /// <summary>All extended attributes that this process may see, sorted by name; those of the link itself. Empty where there are none.</summary>
    public abstract IReadOnlyList<(string Name, byte[] Value)> GetXattrs(string path);

    /// <summary>Sets an extended attribute, of the link itself.</summary>
    public abstract void SetXattr(string path, string name, ReadOnlySpan<byte> value);

    /// <summary>The text of a symbolic link.</summary>
    public abstract string ReadLink(string path);

    /// <summary>Moves an entry below this root, over what was there (as rename(2): no directory with entries is replaced).</summary>
    public abstract void Rename(string path, string newPath);

    /// <summary>Deletes an entry and, if a directory, all below it; follows no link. Opens up directories that forbid it where it may.</summary>
    /// <returns>Whether there was one.</returns>
    public abstract bool Remove(string path);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what is open.</summary>
    protected abstract void Dispose(bool disposing);
}
