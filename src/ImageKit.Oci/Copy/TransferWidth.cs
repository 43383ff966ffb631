namespace ImageKit.Oci;

/// <summary>How many blobs move at once.</summary>
public sealed record TransferWidth
{
    /// <summary>Blobs over <see cref="LargeBytes"/> at once.</summary>
    public int Large { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 4;

    /// <summary>Smaller blobs and manifests at once.</summary>
    public int Small { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 32;

    /// <summary>Where large begins, in bytes: 1 MiB.</summary>
    public long LargeBytes { get; init; } = 1024 * 1024;
}
