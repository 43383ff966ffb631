using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>Linux's calls on names below an open directory. Names are bytes ended by a NUL (<see cref="NameText.ToCall"/>).</summary>
internal static partial class Libc
{
    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 0x40;
    public const int OpenExclusive = 0x80;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenPath = 0x200000;
    public const int NoFollow = 0x100;
    public const int RemoveDirectory = 0x200;

    // These two differ between x64 and arm64.
    public static readonly int OpenDirectory = Arm ? 0x4000 : 0x10000;
    public static readonly int OpenNoFollow = Arm ? 0x8000 : 0x20000;

    // 64-bit files are the norm on both; O_LARGEFILE is not needed.
    public static readonly nint SysGetdents64 = Arm ? 61 : 217;
    public static readonly nint SysStatx = Arm ? 291 : 332;
    public const nint SysOpenat2 = 437;
    public const nint SysFchmodat2 = 452;

    private static bool Arm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial SafeFileHandle OpenAt(SafeFileHandle directory, byte[] name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial SafeFileHandle Open(byte[] path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MkdirAt(SafeFileHandle directory, byte[] name, int mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymlinkAt(byte[] target, SafeFileHandle directory, byte[] name);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    public static partial int LinkAt(SafeFileHandle oldDirectory, byte[] oldName, SafeFileHandle newDirectory, byte[] newName, int flags);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    public static partial int MknodAt(SafeFileHandle directory, byte[] name, int mode, ulong device);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    public static partial int ChownAt(SafeFileHandle directory, byte[] name, uint uid, uint gid, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int Chmod(SafeFileHandle file, int mode);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    public static partial int Chmod(byte[] path, int mode);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int UtimensAt(SafeFileHandle directory, byte[] name, long[] times, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadlinkAt(SafeFileHandle directory, byte[] name, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    public static partial int RenameAt(SafeFileHandle oldDirectory, byte[] oldName, SafeFileHandle newDirectory, byte[] newName);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(SafeFileHandle directory, byte[] name, int flags);

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true)]
    public static partial nint ListXattr(byte[] path, byte[] list, nint length);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true)]
    public static partial nint GetXattr(byte[] path, byte[] name, byte[] value, nint length);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true)]
    public static unsafe partial int SetXattr(byte[] path, byte[] name, byte* value, nint length, int flags);
}
