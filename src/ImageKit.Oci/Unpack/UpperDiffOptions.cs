using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>How the changes of a command are read.</summary>
public sealed record UpperDiffOptions
{
    /// <summary>The time that all entries get, in seconds since 1970; null leaves them their own.</summary>
    public long? Epoch { get; init; } = 0;

    /// <summary>Paths that only served to mount something on (`dev`, `etc/resolv.conf`, and directories made on the way to them): dropped where they are new and empty.</summary>
    public ImmutableArray<string> MountPoints { get; init; } = [];

    /// <summary>
    /// For a sandbox with a single id, where the disk cannot show who owns what: entries that lower layers have keep their owner, new ones are
    /// root's. Off, the disk is believed.
    /// </summary>
    public bool OwnersFromLower { get; init; }

    /// <summary>
    /// For <see cref="UpperDiff.Compare"/>: a ctime, seconds and nanoseconds, taken (from a new file on the same file system) after the copy was made and before the
    /// command began. A file whose ctime is before it is not read again. Null has all files of equal size read.
    /// </summary>
    public (long Seconds, int Nanoseconds)? UntouchedBefore { get; init; }
}
