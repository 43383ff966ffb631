using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageKit.Oci;

/// <summary>
/// gzip as one member whose deflate stream is made of blocks of 1 MiB. Each is compressed without knowledge of the ones before and ended by
/// a sync flush, which fills up to a whole byte; an empty final block ends the stream.
/// </summary>
/// <remarks>
/// Flush() of the BCL's DeflateStream is zlib's sync flush; what Dispose() then adds, a final block, is cut off. Level 5 of zlib-ng, which .NET
/// ships, is a fifth faster than level 6 and makes real files 2 to 3 % larger than `gzip -6` does.
/// </remarks>
internal sealed class GzipCodec : BlockCodec
{
    private const int StandardLevel = 5;

    private readonly ZLibCompressionOptions _level;

    // No name, no time, no extra flags, operating system unknown.
    private static readonly byte[] Header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    private GzipCodec(int level)
    {
        _level = new() { CompressionLevel = level };
        Id = $"gzip/1:1MiB:{level}:net{Environment.Version}:{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();
    }

    public static GzipCodec Instance { get; } = new(StandardLevel);

    // The version decides which zlib-ng compresses; on other processors it may find other matches.
    public override string Id { get; }

    /// <summary>The codec of a level from 1 to 9.</summary>
    public static GzipCodec Of(int level) => level == StandardLevel ? Instance : new(level);

    public override ReadOnlyMemory<byte> Begin => Header;

    public override int Compress(ReadOnlySpan<byte> block, byte[] output)
    {
        if (Entropy.IsNoise(block)) return Store(block, output);
        using var target = new MemoryStream(output);
        using var deflate = new DeflateStream(target, _level, leaveOpen: true);
        deflate.Write(block);
        deflate.Flush();
        return (int)target.Position; // before Dispose() adds the final block
    }

    public override ReadOnlyMemory<byte> End(uint crc, long length)
    {
        var end = new byte[10];
        end[0] = 3; // a final block with fixed codes that holds nothing
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(2), crc);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(6), (uint)length);
        return end;
    }

    // What cannot be compressed is stored, at the speed of memory; stored blocks end on a whole byte by themselves.
    private static int Store(ReadOnlySpan<byte> block, byte[] output)
    {
        int written = 0;
        for (; !block.IsEmpty; block = block[Math.Min(block.Length, ushort.MaxValue)..])
        {
            ReadOnlySpan<byte> part = block[..Math.Min(block.Length, ushort.MaxValue)];
            output[written] = 0;
            BinaryPrimitives.WriteUInt16LittleEndian(output.AsSpan(written + 1), (ushort)part.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(output.AsSpan(written + 3), (ushort)~part.Length);
            part.CopyTo(output.AsSpan(written + 5));
            written += 5 + part.Length;
        }
        return written;
    }
}
