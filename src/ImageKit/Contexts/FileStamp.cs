using ImageKit.Posix;

namespace ImageKit.Contexts;

/// <summary>What tells that a file has not changed since it was hashed, as git's index does.</summary>
internal readonly record struct FileStamp(long Size, long MtimeSeconds, int MtimeNanoseconds, long CtimeSeconds, int CtimeNanoseconds, ulong Inode)
{
    // Clocks of file systems tick in steps of up to 2 s (FAT); a file changed twice in one step looks unchanged.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    public static FileStamp Of(in FileStatus status) =>
        new(status.Size, status.MtimeSeconds, status.MtimeNanoseconds, status.CtimeSeconds, status.CtimeNanoseconds, status.Inode);

    /// <summary>Whether the file is so old at a moment that a later change of it shows.</summary>
    public bool IsSettled(DateTimeOffset moment) => Math.Max(MtimeSeconds, CtimeSeconds) < (moment - Step).ToUnixTimeSeconds();
}
