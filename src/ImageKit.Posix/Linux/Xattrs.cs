using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>Extended attributes of a name below an open directory, through /proc/self/fd: calls on (directory, name) came with kernel 6.13 only.</summary>
internal static class Xattrs
{
    private const int LargestValue = 64 * 1024; // XATTR_SIZE_MAX

    public static IReadOnlyList<(string Name, byte[] Value)> Read(SafeFileHandle directory, byte[] name, string shown)
    {
        using var path = new ProcPath(directory, name);
        byte[] list = [];
        nint length;
        while ((length = Libc.ListXattr(path.Bytes, list, list.Length)) > list.Length || (length < 0 && Marshal.GetLastPInvokeError() == Errno.ERANGE) || (length > 0 && list.Length == 0))
        {
            list = new byte[Math.Max(length, list.Length * 2)];
        }
        if (length < 0) return Marshal.GetLastPInvokeError() == Errno.EOPNOTSUPP ? [] : throw PosixException.Last("list the attributes of", shown);
        if (length == 0) return [];
        var found = new List<(string Name, byte[] Value)>();
        foreach (string attribute in NameText.ToText(list.AsSpan(0, (int)length - 1)).Split('\0'))
        {
            if (ReadOne(path.Bytes, attribute, shown) is { } value) found.Add((attribute, value));
        }
        found.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found;
    }

    public static unsafe void Write(SafeFileHandle directory, byte[] name, string attribute, ReadOnlySpan<byte> value, string shown)
    {
        using var path = new ProcPath(directory, name);
        fixed (byte* start = value)
        {
            if (Libc.SetXattr(path.Bytes, NameText.ToCall(attribute), start, value.Length, flags: 0) != 0) throw PosixException.Last($"set the attribute {attribute} of", shown);
        }
    }

    /// <summary>Null if it vanished, or is one that this process may list but not read.</summary>
    private static byte[]? ReadOne(byte[] path, string attribute, string shown)
    {
        byte[] buffer = new byte[256];
        byte[] name = NameText.ToCall(attribute);
        nint length = Libc.GetXattr(path, name, buffer, buffer.Length);
        if (length < 0 && Marshal.GetLastPInvokeError() == Errno.ERANGE)
        {
            buffer = new byte[LargestValue];
            length = Libc.GetXattr(path, name, buffer, buffer.Length);
        }
        if (length >= 0) return buffer[..(int)length];
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.ENODATA or Errno.EOPNOTSUPP or Errno.EPERM or Errno.EACCES ? null : throw new PosixException(errno, $"read the attribute {attribute} of", shown);
    }

    /// <summary>`/proc/self/fd/N/name`: the kernel jumps to the open directory, and the calls used here do not follow the last name.</summary>
    private readonly ref struct ProcPath
    {
        private readonly SafeFileHandle _directory;
        private readonly bool _held;

        public ProcPath(SafeFileHandle directory, byte[] name)
        {
            _directory = directory;
            directory.DangerousAddRef(ref _held);
            byte[] start = NameText.ToBytes($"/proc/self/fd/{directory.DangerousGetHandle()}/");
            Bytes = [.. start, .. name];
        }

        public byte[] Bytes { get; }

        public void Dispose()
        {
            if (_held) _directory.DangerousRelease();
        }
    }
}
