namespace ImageKit.Posix;

/// <summary>What `lstat` says of one directory entry, links not followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky: 0 to 07777. On Windows 0755 for everything, as Docker has it.</param>
/// <param name="Uid">The owner; 0 where the portable twin cannot know.</param>
/// <param name="Gid">The group; 0 where the portable twin cannot know.</param>
/// <param name="Size">Bytes of a file, or of a symbolic link's text; 0 for other kinds.</param>
/// <param name="MtimeSeconds">Last change of the bytes, seconds since 1970.</param>
/// <param name="MtimeNanoseconds">0 to 999,999,999, added to the seconds.</param>
/// <param name="CtimeSeconds">Last change of the record, seconds since 1970; the portable twin gives the time of creation.</param>
/// <param name="CtimeNanoseconds">0 to 999,999,999, added to the seconds.</param>
/// <param name="Inode">The number of the inode on its device; 0 where the portable twin cannot know.</param>
/// <param name="Device">The number of the file system's device; 0 where the portable twin cannot know.</param>
/// <param name="LinkCount">How many names the inode has; 1 where the portable twin cannot know.</param>
/// <param name="DeviceMajor">For a device node, its major number.</param>
/// <param name="DeviceMinor">For a device node, its minor number.</param>
public readonly record struct FileStatus(
    FileKind Kind,
    int Mode,
    uint Uid,
    uint Gid,
    long Size,
    long MtimeSeconds,
    int MtimeNanoseconds,
    long CtimeSeconds,
    int CtimeNanoseconds,
    ulong Inode,
    ulong Device,
    uint LinkCount,
    uint DeviceMajor,
    uint DeviceMinor);
