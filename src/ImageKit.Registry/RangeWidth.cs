namespace ImageKit.Registry;

/// <summary>When and how one large blob is fetched in several parts at once: where one connection is slower than the link.</summary>
public sealed record RangeWidth
{
    /// <summary>Connections for one blob, the first included. 4 unless set; 1 means never more.</summary>
    public int Connections { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 4;

    /// <summary>Bytes of a part; so many are held in memory for each further connection. 4 MiB unless set.</summary>
    public int PartBytes { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 4 * 1024 * 1024;

    /// <summary>Bytes of memory for the parts of all blobs of a client together; a blob always gets one part, and no more where this is used up. 24 MiB unless set.</summary>
    public long MemoryBytes { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 24 * 1024 * 1024;

    /// <summary>How long one connection may keep us waiting for bytes before others help. 1 second unless set: a link that is faster than what is done with the bytes needs no help.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(1);
}
