using ImageKit.Posix;

namespace ImageKit.Contexts;

/// <summary>What tells that a file has not changed since it was hashed, as git's index does.</summary>
internal readonly record struct FileStamp(long Size, long MtimeSeconds, int MtimeNanoseconds, long CtimeSeconds, int CtimeNanoseconds, ulong Inode)
{
    // Clocks of file systems tick in steps of up to 2 s (FAT); where a change time shows parts of a millisecond, it is Linux's own, in
    // steps of at most 10 ms. A file changed twice in one step looks unchanged.
    private static readonly TimeSpan CoarseStep = TimeSpan.FromSeconds(2), FineStep = TimeSpan.FromMilliseconds(50);

    private bool IsFine => CtimeNanoseconds % 1_000_000 != 0;

    public static FileStamp Of(in FileStatus status) =>
        new(status.Size, status.MtimeSeconds, status.MtimeNanoseconds, status.CtimeSeconds, status.CtimeNanoseconds, status.Inode);

    /// <summary>Whether the file is so old at a moment that a later change of it shows.</summary>
    public bool IsSettled(DateTimeOffset moment) => IsFine
        ? At(CtimeSeconds, CtimeNanoseconds) < moment - FineStep
        : Math.Max(MtimeSeconds, CtimeSeconds) < (moment - CoarseStep).ToUnixTimeSeconds();

    private static DateTimeOffset At(long seconds, int nanoseconds) =>
        DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
