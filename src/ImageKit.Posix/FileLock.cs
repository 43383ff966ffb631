using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>
/// A lock of the operating system on a file (flock; FileShare on Windows): exclusive for a change, or shared as a lease for a
/// process's life. Disposing releases it, and so does any end of the process. The file itself stays.
/// </summary>
/// <remarks>Not reentrant, and between two holders in one process as exclusive as between two processes.</remarks>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock, or gives null if others hold it, or are just deleting the file. Makes the file if it is missing; its directory must be there.</summary>
    /// <param name="path">The file that stands for what is locked.</param>
    /// <param name="shared">Many may hold a shared lock, one an exclusive.</param>
    /// <exception cref="IOException">The file cannot be made, or the file system has no locks.</exception>
    public static FileLock? TryAcquire(string path, bool shared = false)
    {
        if (OperatingSystem.IsWindows()) return TryAcquireWindows(path, shared);
        MakeIfMissing(path);
        if (OpenIfThere(path) is not { } file) return null;
        int operation = (shared ? Unix.LockShared : Unix.LockExclusive) | Unix.LockNow;
        if (Unix.Flock(file, operation) == 0)
        {
            if (File.Exists(path)) return new FileLock(file);
            file.Dispose(); // deleted between open and flock: a lock on it would be seen by nobody
            return null;
        }
        int errno = Marshal.GetLastPInvokeError();
        file.Dispose();
        int wouldBlock = OperatingSystem.IsMacOS() ? 35 : Errno.EAGAIN;
        return errno == wouldBlock ? null : throw new PosixException(errno, "lock", path);
    }

    /// <summary>Waits for the lock.</summary>
    /// <inheritdoc cref="TryAcquire"/>
    public static async Task<FileLock> AcquireAsync(string path, bool shared = false, CancellationToken cancel = default)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (TryAcquire(path, shared) is { } held) return held;
            await Task.Delay(pause, cancel).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle? OpenIfThere(string path)
    {
        try
        {
            return Unix.Open(path, writing: true); // not by File.OpenHandle, which takes locks of its own
        }
        catch (PosixException gone) when (gone.Errno == Errno.ENOENT) // deleted since it was made or seen
        {
            return null;
        }
    }

    private static void MakeIfMissing(string path)
    {
        if (File.Exists(path)) return;
        try
        {
            File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite).Dispose();
        }
        catch (IOException) when (File.Exists(path)) // another one made it just now
        {
        }
    }

    private static FileLock? TryAcquireWindows(string path, bool shared)
    {
        try
        {
            FileAccess access = shared ? FileAccess.Read : FileAccess.ReadWrite;
            return new FileLock(File.OpenHandle(path, FileMode.OpenOrCreate, access, shared ? FileShare.Read : FileShare.None));
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is 32 or 33) // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION: held by others
        {
            return null;
        }
    }
}
