using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ImageKit.Oci;

/// <summary>Knows compressed bytes by how they begin, and opens them.</summary>
public static class Compression
{
    /// <summary>How many first bytes <see cref="Detect"/> looks at.</summary>
    public const int MagicLength = 6;

    private const int MaxZstdWindowLog = 27; // 128 MiB, the most that zstd itself takes unasked

    /// <summary>What the bytes are compressed with, by their magic number.</summary>
    public static CompressionFormat Detect(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith<byte>([0x1F, 0x8B])) return CompressionFormat.Gzip;
        if (start.StartsWith<byte>([0x28, 0xB5, 0x2F, 0xFD])) return CompressionFormat.Zstd;
        if (start.Length >= 4 && start[0] is >= 0x50 and <= 0x5F && start[1..].StartsWith<byte>([0x2A, 0x4D, 0x18])) return CompressionFormat.Zstd; // a skippable frame
        if (start.StartsWith<byte>([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])) return CompressionFormat.Xz;
        return start.StartsWith("BZh"u8) ? CompressionFormat.Bzip2 : CompressionFormat.None;
    }

    /// <summary>Opens what may be compressed, with anything known; what is not is handed out as it is.</summary>
    /// <param name="stream">Read once, from where it is; disposed with the result.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The decompressed bytes, and what they were compressed with. Broken bytes are a <see cref="ContentException"/> (IK1208) on reading.</returns>
    public static async Task<(Stream Content, CompressionFormat Format)> OpenAsync(Stream stream, CancellationToken cancel = default)
    {
        var start = new byte[MagicLength];
        int length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        CompressionFormat format = Detect(start.AsSpan(0, length));
        return (OpenDecompressor(new PrefixedStream(start.AsMemory(0, length), stream), format), format);
    }

    /// <summary>Decompresses a stream of a known format; <see cref="CompressionFormat.None"/> hands out the stream itself.</summary>
    /// <param name="stream">At its first byte; disposed with the result.</param>
    /// <param name="format">What it is compressed with.</param>
    public static Stream OpenDecompressor(Stream stream, CompressionFormat format) => format switch
    {
        CompressionFormat.None => stream,
        CompressionFormat.Gzip => new GzipDecodeStream(stream),
        CompressionFormat.Zstd => new ForeignDecodeStream(OpenZstd(stream), "zstd", stream),
        CompressionFormat.Xz => new ForeignDecodeStream(new XZStream(new PrefixedStream(default, stream)), "xz", stream),
        CompressionFormat.Bzip2 => new ForeignDecodeStream(BZip2Stream.Create(stream, CompressionMode.Decompress, decompressConcatenated: true), "bzip2", stream),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
    };

    private static DecompressionStream OpenZstd(Stream stream)
    {
        var decoder = new DecompressionStream(stream, bufferSize: 128 * 1024, checkEndOfStream: true, leaveOpen: true);
        decoder.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowLog);
        return decoder;
    }
}
