using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>Reads an open directory with getdents64 and statx: one call for some thousand names and one a name.</summary>
internal static class DirectoryReader
{
    private const int BufferBytes = 64 * 1024;
    private const int NameOffset = 19; // d_ino 8, d_off 8, d_reclen 2, d_type 1

    public static List<(string Name, FileStatus Status)> List(SafeFileHandle directory, string path)
    {
        var entries = new List<(string, FileStatus)>();
        Read(directory, path, (fd, name) => AddStatus(entries, fd, name, path));
        return entries;
    }

    public static List<byte[]> Names(SafeFileHandle directory, string path)
    {
        var names = new List<byte[]>();
        Read(directory, path, (_, name) => names.Add(name.ToArray()));
        return names;
    }

    private static unsafe void AddStatus(List<(string, FileStatus)> entries, nint directory, ReadOnlySpan<byte> name, string path)
    {
        fixed (byte* start = name)
        {
            if (Statx.TryRead(directory, start, out FileStatus status)) entries.Add((NameText.ToText(name[..^1]), status));
            else if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.ENOENT) throw PosixException.Last("read the status of", SafePath.Join(path, NameText.ToText(name[..^1])));
        }
    }

    /// <summary>Calls <paramref name="found"/> with every name but `.` and `..`, its ending NUL included.</summary>
    private static unsafe void Read(SafeFileHandle directory, string path, Found found)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        bool held = false;
        try
        {
            directory.DangerousAddRef(ref held);
            nint fd = directory.DangerousGetHandle();
            fixed (byte* start = buffer)
            {
                nint filled;
                while ((filled = Libc.Syscall(Libc.SysGetdents64, fd, (nint)start, buffer.Length, 0, 0)) > 0) Split(buffer.AsSpan(0, (int)filled), fd, found);
                if (filled < 0) throw PosixException.Last("list", path);
            }
        }
        finally
        {
            if (held) directory.DangerousRelease();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Split(ReadOnlySpan<byte> records, nint fd, Found found)
    {
        while (!records.IsEmpty)
        {
            int length = BitConverter.ToUInt16(records[16..]);
            ReadOnlySpan<byte> name = records[NameOffset..length];
            name = name[..(name.IndexOf((byte)0) + 1)];
            if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8)) found(fd, name);
            records = records[length..];
        }
    }

    private delegate void Found(nint directory, ReadOnlySpan<byte> name);
}
