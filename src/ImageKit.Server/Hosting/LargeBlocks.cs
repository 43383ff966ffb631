using System.Buffers;
using ImageKit.Oci;
using Microsoft.AspNetCore.Connections;

namespace ImageKit.Server;

/// <summary>
/// Gives the web server buffers of 64 KiB in place of its own of 4 KiB: blobs are most of what goes through, and a system call for each 4 KiB
/// costs more than hashing them.
/// </summary>
internal sealed class LargeBlocks : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => BlockPool.Shared;
}
