namespace ImageKit.Posix;

/// <summary>What the base class library knows of a file's status.</summary>
internal static class PortableStatus
{
    /// <summary>Hidden and system files too, none skipped in silence.</summary>
    public static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple, ReturnSpecialDirectories = false };

    /// <summary>Null if there is nothing.</summary>
    public static FileStatus? Of(string path)
    {
        FileSystemInfo entry = new FileInfo(path);
        if ((int)entry.Attributes == -1) return null;
        return Of((entry.Attributes & FileAttributes.Directory) != 0 ? new DirectoryInfo(path) : entry);
    }

    /// <inheritdoc cref="Of(string)"/>
    public static FileStatus? Of(FileSystemInfo entry)
    {
        FileAttributes attributes = entry.Attributes;
        if ((int)attributes == -1) return null;
        string? link = (attributes & FileAttributes.ReparsePoint) != 0 ? entry.LinkTarget : null;
        FileKind kind = link is not null ? FileKind.Symlink : (attributes & FileAttributes.Directory) != 0 ? FileKind.Directory : KindOfFile(entry, attributes);
        int mode = kind == FileKind.Symlink ? 0x1FF : OperatingSystem.IsWindows() ? 0x1ED : (int)entry.UnixFileMode;
        long size = kind == FileKind.Symlink ? System.Text.Encoding.UTF8.GetByteCount(link!) : entry is FileInfo file && kind == FileKind.File ? file.Length : 0;
        (long seconds, int nanoseconds) = Split(entry.LastWriteTimeUtc);
        (long createdSeconds, int createdNanoseconds) = Split(entry.CreationTimeUtc);
        return new(kind, mode, 0, 0, size, seconds, nanoseconds, createdSeconds, createdNanoseconds, Inode: 0, Device: 0, LinkCount: 1, DeviceMajor: 0, DeviceMinor: 0);
    }

    /// <summary>The base class library calls devices, pipes and sockets `Device` only on some platforms; a pipe must not be opened as a file.</summary>
    private static FileKind KindOfFile(FileSystemInfo entry, FileAttributes attributes)
    {
        if (OperatingSystem.IsWindows() || (attributes & (FileAttributes.Device | FileAttributes.Normal)) == 0) return FileKind.File;
        return (attributes & FileAttributes.Device) != 0 ? FileKind.CharacterDevice : FileKind.File;
    }

    private static (long Seconds, int Nanoseconds) Split(DateTime time)
    {
        long ticks = time.Ticks - DateTime.UnixEpoch.Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        return rest < 0 ? (seconds - 1, (int)(rest + TimeSpan.TicksPerSecond) * 100) : (seconds, (int)rest * 100);
    }
}
