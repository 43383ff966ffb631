namespace ImageKit.Oci;

/// <summary>How much a layer may be that nobody vouches for: a few bytes of compression can stand for a whole disk. Nothing is limited unless it is set.</summary>
public sealed record UnpackLimits
{
    private const long FreeBytes = 64L * 1024 * 1024;

    /// <summary>Bytes of the uncompressed tar at most; null for any.</summary>
    public long? Bytes { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); }

    /// <summary>Entries at most; null for any.</summary>
    public int? Entries { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); }

    /// <summary>
    /// How many bytes one compressed byte may stand for, from the 64th MiB of the tar on; null for any. gzip makes up to 1,030 of one, zstd many more, both where a file
    /// is nothing but zeros.
    /// </summary>
    public int? Ratio { get; init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); }

    /// <exception cref="ContentException">There are too many (IK1209).</exception>
    internal void CheckEntries(int count)
    {
        if (count > Entries) throw TooMuch($"It has more than {Entries} entries.");
    }

    /// <exception cref="ContentException">There are too many bytes (IK1209).</exception>
    internal void CheckBytes(long plain, long packed)
    {
        if (plain > Bytes) throw TooMuch($"Its tar has more than {Bytes} bytes.");
        if (Ratio is { } most && packed > 0 && plain > FreeBytes && plain / most > packed) throw TooMuch($"{packed} compressed bytes of it stand for {plain} and more, which is over {most} times as many.");
    }

    private static ContentException TooMuch(string why) => new("IK1209", "A layer is larger than it may be.", why, "Do not use the layer unless you trust where it comes from; then raise the limit.");
}
