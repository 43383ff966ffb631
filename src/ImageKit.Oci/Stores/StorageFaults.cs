using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>What the file system says, in words of the store.</summary>
internal static class StorageFaults
{
    private const int WindowsDiskFull = 0x70, WindowsHandleDiskFull = 0x27;

    /// <summary>IK1002 for a full disk, IK1003 for anything else.</summary>
    public static ContentException Of(Exception fault, string path, string doing)
    {
        string place = Path.GetFullPath(path);
        return IsDiskFull(fault)
            ? new("IK1002", $"The disk is full: {doing} in '{place}' failed.", fault.Message,
                "Free some space ('imagekit prune' removes what no tag needs) or set IMAGEKIT_HOME to a larger disk, then run again.", fault)
            : new("IK1003", $"{char.ToUpperInvariant(doing[0])}{doing[1..]} in '{place}' failed.", fault.Message,
                "Check the folder's owner and rights, and the disk.", fault);
    }

    private static bool IsDiskFull(Exception fault) => fault is IOException && (OperatingSystem.IsWindows()
        ? (fault.HResult & 0xFFFF) is WindowsDiskFull or WindowsHandleDiskFull
        : (fault is PosixException posix ? posix.Errno : fault.HResult) is Errno.ENOSPC or Errno.EDQUOT // .NET keeps errno as HResult
            || (fault.HResult & 0xFFFF) is WindowsDiskFull);
}
