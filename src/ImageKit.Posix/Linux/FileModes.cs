using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>chmod that never follows a link: fchmodat2 (kernel 6.6), before that through a handle on the very inode.</summary>
internal static class FileModes
{
    public static void Set(SafeFileHandle directory, byte[] name, int mode, string path)
    {
        int errno = TryFchmodat2(directory, name, mode);
        if (errno is Errno.ENOSYS or Errno.EPERM) errno = TryByHandle(directory, name, mode, errno);
        // EOPNOTSUPP: a symbolic link, which has no mode of its own.
        if (errno is not (0 or Errno.EOPNOTSUPP)) throw new PosixException(errno, "set the mode of", path);
    }

    private static unsafe int TryFchmodat2(SafeFileHandle directory, byte[] name, int mode)
    {
        bool held = false;
        try
        {
            directory.DangerousAddRef(ref held);
            fixed (byte* start = name)
            {
                nint result = Libc.Syscall(Libc.SysFchmodat2, directory.DangerousGetHandle(), (nint)start, mode, Libc.NoFollow, 0);
                return result == 0 ? 0 : Marshal.GetLastPInvokeError();
            }
        }
        finally
        {
            if (held) directory.DangerousRelease();
        }
    }

    /// <summary>For kernels without fchmodat2, or filters that answer EPERM to it; <paramref name="before"/> stays where this cannot tell.</summary>
    internal static int TryByHandle(SafeFileHandle directory, byte[] name, int mode, int before)
    {
        if (!Statx.TryRead(directory, name, out FileStatus status)) return Marshal.GetLastPInvokeError();
        if (status.Kind == FileKind.Symlink) return 0;
        using SafeFileHandle inode = Libc.OpenAt(directory, name, Libc.OpenPath | Libc.OpenNoFollow | Libc.OpenCloseOnExec, 0);
        if (inode.IsInvalid) return Marshal.GetLastPInvokeError();
        byte[] link = NameText.ToCall($"/proc/self/fd/{inode.DangerousGetHandle()}");
        if (Libc.Chmod(link, mode) == 0) return 0;
        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.ENOENT ? before : errno; // no /proc here
    }
}
