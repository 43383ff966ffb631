using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>Deletes a name and all below it, by open directories, following no link. Holds a bounded number of directories open.</summary>
internal sealed class TreeRemoval
{
    private const int MaximumDepth = 64;
    private readonly SafeFileHandle _top;
    private readonly string _shown;
    private int _moved;

    private TreeRemoval(SafeFileHandle top, string shown) => (_top, _shown) = (top, shown);

    public static void Remove(SafeFileHandle parent, byte[] name, string shown)
    {
        if (TryUnlink(parent, name, shown)) return;
        // Directories moved up from too deep are new names in the top one: go on until there are none. Each round needs a fresh handle to list by.
        while (true)
        {
            using SafeFileHandle top = OpenToEmpty(parent, name, shown);
            var removal = new TreeRemoval(top, shown);
            removal.Empty(top, depth: 0);
            if (removal._moved == 0) break;
        }
        if (Libc.UnlinkAt(parent, name, Libc.RemoveDirectory) != 0) throw PosixException.Last("remove", shown);
    }

    /// <summary>True when it is gone, false when it is a directory.</summary>
    private static bool TryUnlink(SafeFileHandle parent, byte[] name, string shown)
    {
        if (Libc.UnlinkAt(parent, name, 0) == 0) return true;
        int errno = Marshal.GetLastPInvokeError();
        if (errno == Errno.ENOENT) return true;
        if (errno is not (Errno.EISDIR or Errno.EPERM or Errno.EACCES)) throw new PosixException(errno, "remove", shown);
        if (Statx.TryRead(parent, name, out FileStatus status) && status.Kind == FileKind.Directory) return false;
        throw new PosixException(errno, "remove", shown);
    }

    /// <summary>Opens a directory so that names can be taken out of it; its owner may need to grant that to himself first.</summary>
    private static SafeFileHandle OpenToEmpty(SafeFileHandle parent, byte[] name, string shown)
    {
        if (Statx.TryRead(parent, name, out FileStatus status) && (status.Mode & 0x1C0) != 0x1C0) FileModes.Set(parent, name, 0x1C0, shown);
        SafeFileHandle handle = Libc.OpenAt(parent, name, Libc.OpenReadOnly | Libc.OpenDirectory | Libc.OpenNoFollow | Libc.OpenCloseOnExec, 0);
        return handle.IsInvalid ? throw PosixException.Last("remove", shown) : handle;
    }

    private void Empty(SafeFileHandle directory, int depth)
    {
        foreach (byte[] name in DirectoryReader.Names(directory, _shown))
        {
            if (TryUnlink(directory, name, _shown)) continue;
            if (depth == MaximumDepth) MoveUp(directory, name);
            else RemoveDirectory(directory, name, depth);
        }
    }

    private void RemoveDirectory(SafeFileHandle parent, byte[] name, int depth)
    {
        using (SafeFileHandle directory = OpenToEmpty(parent, name, _shown)) Empty(directory, depth + 1);
        if (Libc.UnlinkAt(parent, name, Libc.RemoveDirectory) != 0) throw PosixException.Last("remove", _shown);
    }

    private void MoveUp(SafeFileHandle directory, byte[] name)
    {
        if (Statx.TryRead(directory, name, out FileStatus status) && (status.Mode & 0x80) == 0) FileModes.Set(directory, name, 0x1C0, _shown);
        int errno = 0;
        for (int attempt = 0; attempt < 1000; attempt++) // another entry may have the name
        {
            if (Libc.RenameAt(directory, name, _top, NameText.ToCall($".removed-{_moved++}-{attempt}")) == 0) return;
            errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.EEXIST or Errno.ENOTEMPTY or Errno.ENOTDIR)) break;
        }
        throw new PosixException(errno, "remove", _shown);
    }
}
