using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>Makes changes survive a loss of power: a file's bytes, and a directory's names after a rename into it.</summary>
public static class Durable
{
    /// <summary>Writes a file's bytes through to the disk.</summary>
    /// <exception cref="IOException">The disk failed or is full.</exception>
    public static void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <summary>Writes a directory's names through to the disk; nothing to do on Windows, which keeps names by its journal.</summary>
    /// <exception cref="PosixException">The directory is missing, or the disk failed.</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        using SafeFileHandle handle = Unix.Open(path);
        // EINVAL: a file system without fsync of directories, such as some network ones; there is nothing more to be had.
        if (Unix.Fsync(handle) != 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.EINVAL) throw PosixException.Last("sync", path);
    }
}
