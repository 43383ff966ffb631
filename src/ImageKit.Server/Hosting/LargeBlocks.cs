using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace ImageKit.Server;

/// <summary>
/// Buffers of 64 KiB for the web server in place of its own of 4 KiB: blobs are most of what goes through, and a system call for each 4 KiB
/// costs more than hashing them. Those that come back are kept, up to a number.
/// </summary>
internal sealed class LargeBlocks : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 64 * 1024, MostKept = 256;

    private readonly ConcurrentBag<Block> _kept = [];

    public override int MaxBufferSize => BlockBytes;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this; // of the process: whoever disposes it has no other effect

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

    private sealed class Block(LargeBlocks owner, byte[] bytes) : IMemoryOwner<byte>
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
