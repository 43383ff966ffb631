using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ImageKit.Oci;

/// <summary>
/// Makes the tar of a layer and its table of contents, reading each file once. The tar is formed right in the pipeline's blocks: file bytes
/// are not copied, and nothing is allocated for a file beyond its entry.
/// </summary>
internal sealed class LayerWriter(BlockPipeline pipeline) : IDisposable
{
    private static readonly Hash256 EmptyHash = Hash256.Of([]);

    private readonly TarEncoder _encoder = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ImmutableArray<TocEntry>.Builder _entries = ImmutableArray.CreateBuilder<TocEntry>();
    private BlockPipeline.Block? _block;
    private long _position;

    /// <summary>Writes all entries and the end of the tar.</summary>
    public async Task<ImmutableArray<TocEntry>> WriteAsync(IEnumerable<LayerItem> items, CancellationToken cancel)
    {
        foreach (LayerItem item in items)
        {
            cancel.ThrowIfCancellationRequested();
            _entries.Add(await WriteAsync(item, cancel).ConfigureAwait(false));
        }
        await AppendAsync(TarEncoder.Zeros, cancel).ConfigureAwait(false);
        if (_block is not null) pipeline.Post(_block);
        _block = null;
        return _entries.DrainToImmutable();
    }

    public void Dispose() => _hash.Dispose();

    private async ValueTask<TocEntry> WriteAsync(LayerItem item, CancellationToken cancel)
    {
        await AppendAsync(_encoder.Encode(item.Entry), cancel).ConfigureAwait(false);
        if (item.Entry.Kind != EntryKind.File) return item.Entry is { Offset: 0, Sparse.IsDefault: true } ? item.Entry : item.Entry with { Offset = 0, Sparse = default };
        long offset = _position;
        Hash256 hash = item.Entry.Size == 0 ? EmptyHash : await AppendFileAsync(item, cancel).ConfigureAwait(false);
        await AppendAsync(TarEncoder.Zeros[..TarBlock.Padding(item.Entry.Size)], cancel).ConfigureAwait(false);
        if (!item.Entry.ContentHash.IsDefault && item.Entry.ContentHash != hash)
            throw TarFaults.Changed(item.Entry.Path, "Its bytes are not those that it was known to have.");
        return item.Entry with { Offset = offset, ContentHash = hash, Sparse = default };
    }

    private ValueTask<Hash256> AppendFileAsync(LayerItem item, CancellationToken cancel)
    {
        ContentOrigin origin = item.Origin ?? throw new ArgumentException($"'{item.Entry.Path}' is not empty and has no origin.");
        return origin.OpenFile(item.SourceEntry) is { } file ? AppendFileAsync(item, file, cancel) : AppendStreamAsync(item, origin, cancel);
    }

    // The way of nearly all files: reads into the block at hand, without a stream and mostly without waiting.
    private async ValueTask<Hash256> AppendFileAsync(LayerItem item, OriginFile file, CancellationToken cancel)
    {
        long size = item.Entry.Size, done = 0;
        try
        {
            while (done < size)
            {
                BlockPipeline.Block block = await RoomAsync(cancel).ConfigureAwait(false);
                int count = (int)Math.Min(size - done, BlockCodec.BlockBytes - block.Length);
                Span<byte> target = block.Bytes.AsSpan(block.Length, count);
                Read(item, file, block.Bytes.AsSpan(block.Length), done, count);
                Filled(block, count); // the block's bytes stay until another one is asked for
                done += count;
                if (count == size) return Hash256.Of(target);
                _hash.AppendData(target);
            }
            return new(_hash.GetHashAndReset());
        }
        finally
        {
            if (file.Owned) file.Handle.Dispose();
        }
    }

    // Of a file of its own one byte more is asked for where it should end, to see that it does.
    private static void Read(LayerItem item, OriginFile file, Span<byte> room, long from, int count)
    {
        bool last = file.Owned && from + count == item.Entry.Size;
        try
        {
            int done = 0;
            while (done < count)
            {
                int read = RandomAccess.Read(file.Handle, room[done..Math.Min(room.Length, last ? count + 1 : count)], file.Offset + from + done);
                if (read == 0) throw TarFaults.Changed(item.Entry.Path, $"It ended after {from + done} of {item.Entry.Size} bytes.");
                done += read;
            }
            Span<byte> more = stackalloc byte[1];
            if (done > count || (last && room.Length == count && RandomAccess.Read(file.Handle, more, file.Offset + item.Entry.Size) > 0))
                throw TarFaults.Changed(item.Entry.Path, $"It is longer than the {item.Entry.Size} bytes it had before.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // a broken disk, a file that became a directory
        {
            throw TarFaults.Changed(item.Entry.Path, $"It cannot be read: {e.Message}", e);
        }
    }

    private async ValueTask<Hash256> AppendStreamAsync(LayerItem item, ContentOrigin origin, CancellationToken cancel)
    {
        Stream content = await origin.OpenAsync(item.SourceEntry, cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            for (long left = item.Entry.Size; left > 0;)
            {
                BlockPipeline.Block block = await RoomAsync(cancel).ConfigureAwait(false);
                Memory<byte> target = block.Bytes.AsMemory(block.Length, (int)Math.Min(left, BlockCodec.BlockBytes - block.Length));
                int read = await content.ReadAsync(target, cancel).ConfigureAwait(false);
                if (read == 0) throw TarFaults.Changed(item.Entry.Path, $"It ended after {item.Entry.Size - left} of {item.Entry.Size} bytes.");
                _hash.AppendData(target.Span[..read]);
                Filled(block, read);
                left -= read;
            }
            if (await content.ReadAsync(new byte[1], cancel).ConfigureAwait(false) != 0)
                throw TarFaults.Changed(item.Entry.Path, $"It is longer than the {item.Entry.Size} bytes it had before.");
        }
        return new(_hash.GetHashAndReset());
    }

    private ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (_block is not { } block || BlockCodec.BlockBytes - block.Length < bytes.Length) return AppendSplitAsync(bytes, cancel);
        bytes.Span.CopyTo(block.Bytes.AsSpan(block.Length));
        Filled(block, bytes.Length);
        return default;
    }

    private async ValueTask AppendSplitAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            BlockPipeline.Block block = await RoomAsync(cancel).ConfigureAwait(false);
            int count = Math.Min(bytes.Length, BlockCodec.BlockBytes - block.Length);
            bytes.Span[..count].CopyTo(block.Bytes.AsSpan(block.Length));
            Filled(block, count);
            bytes = bytes[count..];
        }
    }

    /// <summary>A block with room for at least a byte.</summary>
    private ValueTask<BlockPipeline.Block> RoomAsync(CancellationToken cancel) => _block is { } block ? new(block) : NextAsync(cancel);

    private async ValueTask<BlockPipeline.Block> NextAsync(CancellationToken cancel)
    {
        _block = await pipeline.RentAsync(cancel).ConfigureAwait(false);
        _block.Length = 0;
        return _block;
    }

    private void Filled(BlockPipeline.Block block, int count)
    {
        _position += count;
        block.Length += count;
        if (block.Length < BlockCodec.BlockBytes) return;
        pipeline.Post(block);
        _block = null;
    }
}
