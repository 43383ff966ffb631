using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>Writes a layer as eStargz: each file begins a gzip member of its own, and the last entry is a table that says where. Any gzip reader reads it as a layer.</summary>
internal sealed class EstargzWriter(BlobWriter blob, int? level = null) : IDisposable
{
    private const int ChunkBytes = 4 << 20;

    private readonly IncrementalHash _tar = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TarEncoder _encoder = new();
    private readonly ImmutableArray<SeekableEntry>.Builder _entries = ImmutableArray.CreateBuilder<SeekableEntry>();
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private GZipStream? _member;

    /// <summary>Bytes of the uncompressed tar so far.</summary>
    public long TarSize { get; private set; }

    /// <summary>Writes the layer; the blob is then whole, but not committed.</summary>
    /// <returns>The diffID, and the digest of the table.</returns>
    public async Task<(Digest DiffId, Digest Toc)> WriteAsync(TableOfContents toc, ContentOrigin origin, CancellationToken cancel)
    {
        await WriteFileAsync(new() { Path = EstargzNames.Landmark, Kind = EntryKind.File, Size = 1, Mode = Modes.File }, new MemoryOrigin(new byte[] { 0xF }), null, cancel).ConfigureAwait(false);
        foreach (TocEntry entry in toc.Entries)
        {
            if (EstargzNames.IsOurs(entry.Path)) continue; // of an earlier conversion
            if (entry is { Kind: EntryKind.File, Size: > 0 }) await WriteFileAsync(entry with { Sparse = default }, origin, entry, cancel).ConfigureAwait(false);
            else await WriteEntryAsync(entry, cancel).ConfigureAwait(false);
        }
        await EndMemberAsync().ConfigureAwait(false);
        return await WriteTableAsync(cancel).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _tar.Dispose();
        _member?.Dispose();
    }

    private async Task WriteEntryAsync(TocEntry entry, CancellationToken cancel)
    {
        await AppendAsync(_encoder.Encode(entry), cancel).ConfigureAwait(false);
        _entries.Add(Describe(entry) with { Digest = entry.Kind == EntryKind.File ? Digest.Of([]).ToString() : null });
    }

    private async Task WriteFileAsync(TocEntry entry, ContentOrigin origin, TocEntry? source, CancellationToken cancel)
    {
        await AppendAsync(_encoder.Encode(entry), cancel).ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int first = _entries.Count;
        Stream content = await origin.OpenAsync(source ?? entry, cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            for (long done = 0; done < entry.Size;)
            {
                int count = (int)Math.Min(ChunkBytes, entry.Size - done);
                await content.ReadExactlyAsync(_chunk.AsMemory(0, count), cancel).ConfigureAwait(false);
                await EndMemberAsync().ConfigureAwait(false);
                SeekableEntry described = done == 0 ? Describe(entry) : new() { Name = entry.Path, Type = "chunk", ChunkOffset = done };
                _entries.Add(described with { Offset = blob.Length, ChunkSize = entry.Size > ChunkBytes ? count : 0, ChunkDigest = Digest.Of(_chunk.AsSpan(0, count)).ToString() });
                hash.AppendData(_chunk.AsSpan(0, count));
                await AppendAsync(_chunk.AsMemory(0, count), cancel).ConfigureAwait(false);
                done += count;
            }
        }
        _entries[first] = _entries[first] with { Digest = Digest.OfSha256(hash.GetHashAndReset()).ToString() };
        await AppendAsync(TarEncoder.Zeros[..TarBlock.Padding(entry.Size)], cancel).ConfigureAwait(false);
    }

    private async Task<(Digest DiffId, Digest Toc)> WriteTableAsync(CancellationToken cancel)
    {
        long offset = blob.Length;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new SeekableToc { Entries = _entries.ToImmutable() }, SeekableJson.Default.SeekableToc);
        await AppendAsync(_encoder.Encode(new() { Path = EstargzNames.Toc, Kind = EntryKind.File, Size = json.Length, Mode = 0b100_100_100 }), cancel).ConfigureAwait(false);
        await AppendAsync(json, cancel).ConfigureAwait(false);
        await AppendAsync(TarEncoder.Zeros[..TarBlock.Padding(json.Length)], cancel).ConfigureAwait(false);
        await AppendAsync(TarEncoder.Zeros, cancel).ConfigureAwait(false);
        await EndMemberAsync().ConfigureAwait(false);
        await blob.WriteAsync(EstargzFooter.Write(offset), cancel).ConfigureAwait(false);
        return (Digest.OfSha256(_tar.GetHashAndReset()), Digest.Of(json));
    }

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (bytes.IsEmpty) return;
        _member ??= new(blob, new ZLibCompressionOptions { CompressionLevel = level ?? 6 }, leaveOpen: true);
        _tar.AppendData(bytes.Span);
        TarSize += bytes.Length;
        await _member.WriteAsync(bytes, cancel).ConfigureAwait(false);
    }

    private async ValueTask EndMemberAsync()
    {
        if (_member is not null) await _member.DisposeAsync().ConfigureAwait(false);
        _member = null;
    }

    private static SeekableEntry Describe(TocEntry entry) => new()
    {
        Name = entry.Kind == EntryKind.Directory ? entry.Path + "/" : entry.Path,
        Type = SeekableEntry.TypeOf(entry.Kind),
        Size = entry.Size,
        Modtime = SeekableEntry.TimeOf(entry.MtimeSeconds, 0),
        LinkName = entry.LinkTarget,
        Mode = entry.Mode,
        Uid = entry.Uid,
        Gid = entry.Gid,
        DevMajor = entry.DeviceMajor,
        DevMinor = entry.DeviceMinor,
        Xattrs = SeekableEntry.XattrsOf(entry.Xattrs),
    };
}
