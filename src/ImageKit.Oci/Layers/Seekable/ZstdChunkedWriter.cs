using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>
/// Writes a layer as zstd:chunked: the tar as it is, so its diffID stays, with each file in frames of its own; behind it, in frames that readers
/// of zstd skip, a table that says where, and the tar without its files.
/// </summary>
/// <seealso href="https://github.com/containers/storage/blob/v1.59.1/pkg/chunked/internal/minimal/compression.go"/>
internal sealed class ZstdChunkedWriter : IDisposable
{
    private const int ChunkBytes = BlockCodec.BlockBytes;

    private readonly BlockCodec _codec;
    private readonly ZstdFrames _frames;
    private readonly IncrementalHash _tarHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ImmutableArray<SeekableEntry>.Builder _entries = ImmutableArray.CreateBuilder<SeekableEntry>();
    private readonly MemoryStream _splitBytes = new();
    private readonly ZstdFrames _splitFrames;
    private readonly TarSplitWriter _split;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private Stream _tar = Stream.Null;
    private long _position;
    private ulong _crc;

    /// <param name="blob">Takes the layer.</param>
    /// <param name="codec">Compresses its frames.</param>
    public ZstdChunkedWriter(Stream blob, BlockCodec codec)
    {
        (_codec, _frames, _splitFrames) = (codec, new(blob, codec), new(_splitBytes, codec));
        _split = new(_splitFrames);
    }

    /// <summary>Writes the layer.</summary>
    /// <param name="headers">The entries as the tar has them.</param>
    /// <param name="tar">The same tar from its first byte on.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The diffID, and the annotations that the layer's descriptor needs.</returns>
    public async Task<(Digest DiffId, ImmutableSortedDictionary<string, string> Annotations)> WriteAsync(IReadOnlyList<TarEntry> headers, Stream tar, long size, CancellationToken cancel)
    {
        _tar = tar;
        foreach (TarEntry entry in headers)
        {
            await RawAsync(entry.Offset, cancel).ConfigureAwait(false);
            if (entry is { Kind: EntryKind.File, Size: > 0 }) await FileAsync(entry, cancel).ConfigureAwait(false);
            else
            {
                _entries.Add(Describe(entry));
                await _split.FileAsync(entry.Name, 0, 0, cancel).ConfigureAwait(false);
            }
        }
        await RawAsync(size, cancel).ConfigureAwait(false);
        await _frames.EndAsync(cancel).ConfigureAwait(false);
        Digest diffId = Digest.OfSha256(_tarHash.GetHashAndReset());
        return (diffId, await EndAsync(cancel).ConfigureAwait(false));
    }

    public void Dispose()
    {
        _tarHash.Dispose();
        _splitBytes.Dispose();
    }

    // Headers and padding, up to a place in the tar.
    private async Task RawAsync(long to, CancellationToken cancel)
    {
        if (to == _position) return;
        using MemoryStream segment = new();
        while (_position < to)
        {
            ReadOnlyMemory<byte> bytes = await ReadAsync((int)Math.Min(to - _position, ChunkBytes), cancel).ConfigureAwait(false);
            segment.Write(bytes.Span);
            await _frames.AppendAsync(bytes, cancel).ConfigureAwait(false);
        }
        await _split.SegmentAsync(segment.GetBuffer().AsMemory(0, (int)segment.Length), cancel).ConfigureAwait(false);
    }

    private async Task FileAsync(TarEntry entry, CancellationToken cancel)
    {
        await _frames.EndAsync(cancel).ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<SeekableEntry> chunks = [];
        ImmutableArray<SparseSpan> spans = entry.Sparse.IsDefault ? [new SparseSpan(0, entry.Size)] : entry.Sparse;
        long done = 0;
        _crc = ulong.MaxValue;
        foreach (SparseSpan span in spans.Append(new SparseSpan(entry.Size, 0)))
        {
            if (span.Offset > done) chunks.Add(Hole(hash, done, span.Offset - done));
            for (done = span.Offset; done < span.Offset + span.Length;) done += await ChunkAsync(chunks, hash, done, span.Offset + span.Length - done, cancel).ConfigureAwait(false);
        }
        await _split.FileAsync(entry.Name, spans.Sum(span => span.Length), _crc, cancel).ConfigureAwait(false);
        SeekableEntry described = Describe(entry) with { Digest = Digest.OfSha256(hash.GetHashAndReset()).ToString(), Offset = chunks[0].Offset, EndOffset = _frames.Position };
        if (chunks.Count == 1 && chunks[0].ChunkType is null) _entries.Add(described);
        else
        {
            _entries.Add(described with { ChunkSize = chunks[0].ChunkSize, ChunkDigest = chunks[0].ChunkDigest, ChunkType = chunks[0].ChunkType });
            foreach (SeekableEntry chunk in chunks.Skip(1)) _entries.Add(chunk with { Type = "chunk", Name = entry.Name });
        }
    }

    private async Task<int> ChunkAsync(List<SeekableEntry> chunks, IncrementalHash hash, long at, long left, CancellationToken cancel)
    {
        long begin = _frames.Position;
        ReadOnlyMemory<byte> bytes = await ReadAsync((int)Math.Min(left, ChunkBytes), cancel).ConfigureAwait(false);
        hash.AppendData(bytes.Span);
        _crc = TarSplitWriter.Crc(_crc, bytes.Span);
        await _frames.AppendAsync(bytes, cancel).ConfigureAwait(false);
        await _frames.EndAsync(cancel).ConfigureAwait(false);
        chunks.Add(new() { Offset = begin, ChunkOffset = at, ChunkSize = bytes.Length, ChunkDigest = Digest.Of(bytes.Span).ToString() });
        return bytes.Length;
    }

    private SeekableEntry Hole(IncrementalHash hash, long at, long length)
    {
        using var own = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Array.Clear(_chunk);
        for (long left = length; left > 0; left -= ChunkBytes)
        {
            ReadOnlySpan<byte> zeros = _chunk.AsSpan(0, (int)Math.Min(left, ChunkBytes));
            hash.AppendData(zeros);
            own.AppendData(zeros);
        }
        return new() { Offset = _frames.Position, ChunkOffset = at, ChunkSize = length, ChunkType = SeekableEntry.Zeros, ChunkDigest = Digest.OfSha256(own.GetHashAndReset()).ToString() };
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(int count, CancellationToken cancel)
    {
        await _tar.ReadExactlyAsync(_chunk.AsMemory(0, count), cancel).ConfigureAwait(false);
        _tarHash.AppendData(_chunk.AsSpan(0, count));
        _position += count;
        return _chunk.AsMemory(0, count);
    }

    private async Task<ImmutableSortedDictionary<string, string>> EndAsync(CancellationToken cancel)
    {
        await _splitFrames.EndAsync(cancel).ConfigureAwait(false);
        byte[] split = _splitBytes.ToArray();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new SeekableToc { Entries = _entries.ToImmutable(), TarSplitDigest = Digest.Of(split).ToString() }, SeekableJson.Default.SeekableToc);
        using MemoryStream compressed = new();
        ZstdFrames tableFrames = new(compressed, _codec);
        await tableFrames.AppendAsync(json, cancel).ConfigureAwait(false);
        await tableFrames.EndAsync(cancel).ConfigureAwait(false);
        byte[] table = compressed.ToArray();
        long tableAt = await _frames.SkipAsync(table, cancel).ConfigureAwait(false), splitAt = await _frames.SkipAsync(split, cancel).ConfigureAwait(false);
        await _frames.SkipAsync(Footer(tableAt, table.Length, json.Length, splitAt, split.Length, _split.Length), cancel).ConfigureAwait(false);
        return ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add(ZstdChunkedPlace.Prefix + ZstdChunkedPlace.ChecksumName, Digest.Of(table).ToString())
            .Add(ZstdChunkedPlace.Prefix + ZstdChunkedPlace.PositionName, string.Create(CultureInfo.InvariantCulture, $"{tableAt}:{table.Length}:{json.Length}:1"))
            .Add(ZstdChunkedPlace.Prefix + ZstdChunkedPlace.TarSplitName, string.Create(CultureInfo.InvariantCulture, $"{splitAt}:{split.Length}:{_split.Length}"));
    }

    // 64 bytes: where the table and the headers lie, and a magic word; the same as in the annotations.
    private static byte[] Footer(params ReadOnlySpan<long> places)
    {
        byte[] footer = new byte[64];
        int at = 0;
        foreach (long place in places)
        {
            BinaryPrimitives.WriteInt64LittleEndian(footer.AsSpan(at), place);
            at += at == 16 ? 16 : 8; // behind the table's place stands its type
        }
        footer[24] = 1;
        "GNUlInUx"u8.CopyTo(footer.AsSpan(56));
        return footer;
    }

    private static SeekableEntry Describe(TarEntry entry) => new()
    {
        Type = SeekableEntry.TypeOf(entry.Kind),
        Name = entry.Name,
        LinkName = string.IsNullOrEmpty(entry.LinkName) ? null : entry.LinkName,
        Mode = entry.Mode,
        Size = entry.Kind == EntryKind.File ? entry.Size : 0,
        Uid = entry.Uid,
        Gid = entry.Gid,
        Modtime = SeekableEntry.TimeOf(entry.MtimeSeconds, entry.MtimeNanoseconds),
        DevMajor = entry.DeviceMajor,
        DevMinor = entry.DeviceMinor,
        Xattrs = SeekableEntry.XattrsOf(entry.Xattrs),
    };
}
