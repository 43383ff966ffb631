namespace ImageKit.Oci;

/// <summary>
/// Compresses blocks of <see cref="BlockBytes"/> independently of each other, so that all cores can work on one stream and its bytes do
/// not depend on how many there are. For any number of threads.
/// </summary>
internal abstract class BlockCodec
{
    /// <summary>Bytes of every block but the last.</summary>
    public const int BlockBytes = 1 << 20;

    /// <summary>Room for a compressed block: what does not compress grows by a few bytes.</summary>
    public const int OutputBytes = BlockBytes + (BlockBytes >> 4);

    /// <summary>Names all that decides the bytes; equal ids mean equal bytes for equal content.</summary>
    public abstract string Id { get; }

    /// <summary>What stands before the first block.</summary>
    public abstract ReadOnlyMemory<byte> Begin { get; }

    /// <summary>The codec of a compression; null for none.</summary>
    /// <param name="compression">The compression.</param>
    /// <param name="level">Its level: gzip's 1 to 9, zstd's 1 to 22; null for the usual one.</param>
    public static BlockCodec? For(LayerCompression compression, int? level = null) => compression switch
    {
        LayerCompression.None => null,
        LayerCompression.Gzip => level is { } asked ? GzipCodec.Of(asked) : GzipCodec.Instance,
        LayerCompression.Zstd => level is { } asked ? ZstdCodec.Of(asked) : ZstdCodec.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "No such compression."),
    };

    /// <summary>Compresses one block, which is not empty.</summary>
    /// <returns>Bytes written to <paramref name="output"/>.</returns>
    public abstract int Compress(ReadOnlySpan<byte> block, byte[] output);

    /// <summary>What stands after the last block.</summary>
    /// <param name="crc">CRC-32 of all blocks.</param>
    /// <param name="length">Bytes of all blocks.</param>
    public abstract ReadOnlyMemory<byte> End(uint crc, long length);
}
