using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>Opens directories below a root without ever leaving it, and keeps the last one open, as most work is done beside the work before.</summary>
internal sealed class ParentDirectories(SafeFileHandle root) : IDisposable
{
    private const int ResolveNoMagicLinks = 0x02;
    private const int ResolveInRoot = 0x10;
    private const int Attempts = 64;

    private readonly Lock _lock = new();
    private SafeFileHandle? _last;
    private string? _lastPath;

    /// <summary>Without openat2 (kernel before 5.6, or a filter against it) paths are walked name by name.</summary>
    public bool UseOpenat2 { get; set; } = true;

    public SafeFileHandle Root => root;

    /// <summary>The directory that holds a path's last name; to be disposed, which closes it if nobody else has it.</summary>
    public Lease Of(string path)
    {
        string parent = SafePath.Parent(path);
        if (parent.Length == 0) return new Lease(root);
        lock (_lock)
        {
            if (_lastPath == parent) return new Lease(_last!);
            SafeFileHandle opened = Open(parent, Libc.OpenPath);
            _last?.Dispose();
            (_last, _lastPath) = (opened, parent);
            return new Lease(opened);
        }
    }

    /// <summary>Forgets the open directory: after a rename or removal its path may mean another one.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _last?.Dispose();
            (_last, _lastPath) = (null, null);
        }
    }

    /// <summary>Opens a directory by its path, links followed within the root.</summary>
    private SafeFileHandle Open(string path, int flags)
    {
        if (UseOpenat2)
        {
            SafeFileHandle? handle = TryOpenat2(path, flags | Libc.OpenDirectory | Libc.OpenCloseOnExec);
            if (handle is not null) return handle;
            UseOpenat2 = false;
        }
        string real = LinkWalk.Follow(path, TryReadLink);
        return Walk(real, flags, path);
    }

    /// <summary>Null when the kernel has no openat2.</summary>
    private unsafe SafeFileHandle? TryOpenat2(string path, int flags)
    {
        ulong* how = stackalloc ulong[3] { (ulong)flags, 0, ResolveInRoot | ResolveNoMagicLinks };
        byte[] name = NameText.ToCall(path);
        bool held = false;
        try
        {
            root.DangerousAddRef(ref held);
            fixed (byte* start = name)
            {
                for (int attempt = 1; ; attempt++)
                {
                    nint fd = Libc.Syscall(Libc.SysOpenat2, root.DangerousGetHandle(), (nint)start, (nint)how, 24, 0);
                    if (fd >= 0) return new SafeFileHandle(fd, ownsHandle: true);
                    int errno = Marshal.GetLastPInvokeError();
                    // EPERM: what old seccomp filters of container engines answer to calls that they do not know.
                    if (errno is Errno.ENOSYS or Errno.EPERM) return null;
                    // EAGAIN: a rename elsewhere made the kernel unsure about a `..` in a link.
                    if (errno != Errno.EAGAIN || attempt == Attempts) throw new PosixException(errno, "open", path);
                }
            }
        }
        finally
        {
            if (held) root.DangerousRelease();
        }
    }

    private string? TryReadLink(string path)
    {
        using SafeFileHandle parent = Walk(SafePath.Parent(path), Libc.OpenPath, path);
        return ReadLinkAt(parent, NameText.ToCall(SafePath.Name(path)));
    }

    /// <summary>The text of a link, or null if it is none.</summary>
    public static string? ReadLinkAt(SafeFileHandle parent, byte[] name)
    {
        byte[] buffer = new byte[4096];
        nint length = Libc.ReadlinkAt(parent, name, buffer, buffer.Length);
        return length < 0 ? null : NameText.ToText(buffer.AsSpan(0, (int)length));
    }

    private SafeFileHandle Walk(string path, int flags, string shown)
    {
        SafeFileHandle current = OpenOne(root, ".", flags, shown);
        foreach (string name in path.Length == 0 ? [] : path.Split('/'))
        {
            using SafeFileHandle above = current;
            current = OpenOne(above, name, flags, shown);
        }
        return current;
    }

    private static SafeFileHandle OpenOne(SafeFileHandle directory, string name, int flags, string shown)
    {
        SafeFileHandle handle = Libc.OpenAt(directory, NameText.ToCall(name), flags | Libc.OpenDirectory | Libc.OpenNoFollow | Libc.OpenCloseOnExec, 0);
        return handle.IsInvalid ? throw PosixException.Last("open", shown) : handle;
    }

    public void Dispose()
    {
        Forget();
        root.Dispose();
    }

    /// <summary>Keeps a directory open while it is used, even if it is forgotten meanwhile.</summary>
    internal readonly ref struct Lease
    {
        private readonly bool _held;

        public Lease(SafeFileHandle directory)
        {
            Directory = directory;
            directory.DangerousAddRef(ref _held);
        }

        public SafeFileHandle Directory { get; }

        public void Dispose()
        {
            if (_held) Directory.DangerousRelease();
        }
    }
}
