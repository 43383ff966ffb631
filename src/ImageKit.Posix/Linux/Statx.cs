using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Posix;

/// <summary>The kernel's `struct statx`, the same on every architecture, and the call that fills it.</summary>
/// <seealso href="https://man7.org/linux/man-pages/man2/statx.2.html"/>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    [FieldOffset(0x10)] public uint LinkCount;
    [FieldOffset(0x14)] public uint Uid;
    [FieldOffset(0x18)] public uint Gid;
    [FieldOffset(0x1C)] public ushort Mode;
    [FieldOffset(0x20)] public ulong Inode;
    [FieldOffset(0x28)] public long Size;
    [FieldOffset(0x60)] public long CtimeSeconds;
    [FieldOffset(0x68)] public int CtimeNanoseconds;
    [FieldOffset(0x70)] public long MtimeSeconds;
    [FieldOffset(0x78)] public int MtimeNanoseconds;
    [FieldOffset(0x80)] public uint NodeMajor;
    [FieldOffset(0x84)] public uint NodeMinor;
    [FieldOffset(0x88)] public uint DeviceMajor;
    [FieldOffset(0x8C)] public uint DeviceMinor;

    private const int NoAutomount = 0x800;
    private const int EmptyPath = 0x1000;
    private const int BasicStats = 0x7FF;

    /// <summary>Reads the status of a name, links not followed; false with the error number set.</summary>
    public static unsafe bool TryRead(nint directory, byte* name, out FileStatus status)
    {
        Statx raw;
        int flags = Libc.NoFollow | NoAutomount | (*name == 0 ? EmptyPath : 0);
        bool good = Libc.Syscall(Libc.SysStatx, directory, (nint)name, flags, BasicStats, (nint)(&raw)) == 0;
        status = good ? raw.ToStatus() : default;
        return good;
    }

    /// <summary>Reads the status of a name, links not followed; an empty name is the directory itself.</summary>
    public static unsafe bool TryRead(SafeFileHandle directory, byte[] name, out FileStatus status)
    {
        bool held = false;
        try
        {
            directory.DangerousAddRef(ref held);
            fixed (byte* start = name) return TryRead(directory.DangerousGetHandle(), start, out status);
        }
        finally
        {
            if (held) directory.DangerousRelease();
        }
    }

    public static int TypeBits(FileKind kind) => kind switch
    {
        FileKind.File => 0x8000,
        FileKind.Directory => 0x4000,
        FileKind.Symlink => 0xA000,
        FileKind.CharacterDevice => 0x2000,
        FileKind.BlockDevice => 0x6000,
        FileKind.Fifo => 0x1000,
        FileKind.Socket => 0xC000,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private readonly FileStatus ToStatus()
    {
        FileKind kind = KindOf(Mode);
        long size = kind is FileKind.File or FileKind.Symlink ? Size : 0;
        ulong device = ((ulong)DeviceMajor << 32) | DeviceMinor;
        return new(kind, Mode & 0xFFF, Uid, Gid, size, MtimeSeconds, MtimeNanoseconds, CtimeSeconds, CtimeNanoseconds, Inode, device, LinkCount, NodeMajor, NodeMinor);
    }

    private static FileKind KindOf(int mode) => (mode & 0xF000) switch
    {
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Symlink,
        0x2000 => FileKind.CharacterDevice,
        0x6000 => FileKind.BlockDevice,
        0x1000 => FileKind.Fifo,
        0xC000 => FileKind.Socket,
        _ => FileKind.File,
    };
}
