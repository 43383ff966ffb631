using System.Buffers;
using System.Collections.Concurrent;

namespace ImageKit.Oci;

/// <summary>
/// Buffers of 64 KiB for pipes that blobs go through. Those that come back are kept, up to a number: the pools of .NET keep fewer than
/// a few pipes hold at a time, and forget theirs at every collection, which new buffers bring about.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>Bytes of a buffer.</summary>
    public const int BlockBytes = 64 * 1024;

    private const int MostKept = 512;

    private readonly ConcurrentBag<Block> _kept = [];

    private BlockPool()
    {
    }

    /// <summary>The pool of the process; disposing it has no effect.</summary>
    public static new BlockPool Shared { get; } = new();

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!_kept.TryTake(out Block? block)) block = new Block(this, GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true));
        block.IsRented = true;
        return block;
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Block(BlockPool owner, byte[] bytes) : IMemoryOwner<byte>
    {
        public bool IsRented { get; set; }

        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
            if (!IsRented) return;
            IsRented = false;
            if (owner._kept.Count < MostKept) owner._kept.Add(this);
        }
    }
}
