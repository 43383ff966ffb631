using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>The few calls that are the same on Linux and macOS.</summary>
internal static partial class Unix
{
    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int LockNow = 4;

    /// <summary>Opens an existing file or directory, closed in children.</summary>
    public static SafeFileHandle Open(string path, bool writing = false)
    {
        int closeOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
        SafeFileHandle handle = Open(NameText.ToCall(path), closeOnExec | (writing ? 2 : 0));
        return handle.IsInvalid ? throw PosixException.Last("open", path) : handle;
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial SafeFileHandle Open(byte[] path, int flags);
}
