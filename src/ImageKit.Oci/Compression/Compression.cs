namespace ImageKit.Oci;

/// <summary>Knows compressed bytes by how they begin.</summary>
public static class Compression
{
    /// <summary>How many first bytes <see cref="Detect"/> looks at.</summary>
    public const int MagicLength = 6;

    /// <summary>What the bytes are compressed with, by their magic number.</summary>
    public static CompressionFormat Detect(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith<byte>([0x1F, 0x8B])) return CompressionFormat.Gzip;
        if (start.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD])) return CompressionFormat.Zstd;
        if (start.Length >= 4 && start[0] is >= 0x50 and <= 0x5F && start[1..].StartsWith<byte>([0x2A, 0x4D, 0x18])) return CompressionFormat.Zstd; // a skippable frame
        if (start.StartsWith<byte>([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])) return CompressionFormat.Xz;
        return start.StartsWith("BZh"u8) ? CompressionFormat.Bzip2 : CompressionFormat.None;
    }
}
