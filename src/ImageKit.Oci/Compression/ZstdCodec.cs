using System.Collections.Concurrent;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ImageKit.Oci;

/// <summary>Zstandard, at level 3 unless told otherwise: each block is a frame of its own with its size and a checksum; readers take frames one after the other.</summary>
internal sealed class ZstdCodec : BlockCodec
{
    private const int StandardLevel = 3;

    private readonly int _level;
    private readonly ConcurrentBag<Compressor> _idle = []; // their tables take longer to make than a block

    private ZstdCodec(int level) => (_level, Id) = (level, $"zstd/1:1MiB:{level}:port{typeof(Compressor).Assembly.GetName().Version}");

    public static ZstdCodec Instance { get; } = new(StandardLevel);

    // A managed port: the same bytes on every machine, for a version of the package.
    public override string Id { get; }

    /// <summary>The codec of a level from 1 to 22.</summary>
    public static ZstdCodec Of(int level) => level == StandardLevel ? Instance : new(level);

    public override ReadOnlyMemory<byte> Begin => default;

    public override int Compress(ReadOnlySpan<byte> block, byte[] output)
    {
        if (!_idle.TryTake(out Compressor? compressor))
        {
            compressor = new Compressor(_level);
            compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        }
        int written = compressor.Wrap(block, output);
        _idle.Add(compressor);
        return written;
    }

    public override ReadOnlyMemory<byte> End(uint crc, long length)
    {
        if (length > 0) return default;
        var output = new byte[64];
        return output.AsMemory(0, Compress([], output)); // no frame at all would be no zstd
    }
}
