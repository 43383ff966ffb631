using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// Reads a tar once, from front to back: ustar, PAX, GNU, star and old V7 entries. Header checksums are verified and all sizes limited, so
/// that hostile input ends in an error. Not for use by several threads at once.
/// </summary>
public sealed class TarReader : IAsyncDisposable
{
    /// <summary>The largest PAX header or long name that is taken, in bytes.</summary>
    public const int MaxHeaderBytes = 1 << 20;

    private readonly Stream _tar;
    private readonly bool _leaveOpen;
    private readonly TarBuffer _buffer;
    private readonly TarContent _content;
    private readonly PaxRecords _global = new();
    private TarExtensions? _unused; // most entries have no extensions: one empty set serves them all
    private long _end; // where the current entry's content ends, before its padding
    private int _padding;
    private bool _done;

    /// <summary>Begins to read.</summary>
    /// <param name="tar">The uncompressed tar; need not seek.</param>
    /// <param name="leaveOpen">Whether <paramref name="tar"/> stays open when this is disposed.</param>
    public TarReader(Stream tar, bool leaveOpen = false)
    {
        (_tar, _leaveOpen, _buffer) = (tar, leaveOpen, new(tar));
        _content = new(_buffer);
    }

    /// <summary>The bytes of the entry read last, with holes filled; empty for all but regular files. Valid until the next entry is read.</summary>
    public Stream Content => _content;

    /// <summary>Goes on to the next entry, past what was not read of the last one's content.</summary>
    /// <returns>The entry, or null at the end of the tar.</returns>
    /// <exception cref="ContentException">The bytes are no tar (IK1201), end too early (IK1202), break a limit (IK1203) or use what is not known (IK1206).</exception>
    public async ValueTask<TarEntry?> ReadAsync(CancellationToken cancel = default)
    {
        if (_done) return null;
        await _buffer.SkipAsync(_end - _buffer.Position, cancel).ConfigureAwait(false);
        // umoci 0.4.7 leaves out the padding of the last entry, and the end as well.
        await _buffer.SkipAtMostAsync(_padding, cancel).ConfigureAwait(false);
        (_end, _padding) = (_buffer.Position, 0);
        _content.End();
        TarExtensions extensions = _unused ?? new(_global);
        while (true)
        {
            ReadOnlyMemory<byte> block = await _buffer.PeekAsync(TarBlock.Size, cancel).ConfigureAwait(false);
            if (IsEnd(block.Span, extensions)) return await EndAsync(block.Length, cancel).ConfigureAwait(false);
            byte type = block.Span[TarBlock.Type];
            if (type is (byte)'x' or (byte)'X' or (byte)'L' or (byte)'K' or (byte)'g')
            {
                byte[] data = await ReadDataAsync(block, extensions, cancel).ConfigureAwait(false);
                if (type == (byte)'g') AddGlobal(data);
                else extensions.Add(type, data, _buffer.Position);
            }
            else if (type == (byte)'V') await SkipLabelAsync(block, extensions, cancel).ConfigureAwait(false);
            else return await ReadEntryAsync(block, extensions, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Reads on to the end of the stream, past the end of the tar, so that whoever hashes it has seen all.</summary>
    internal async ValueTask DrainAsync(CancellationToken cancel)
    {
        while (await ReadAsync(cancel).ConfigureAwait(false) is not null) continue;
        while (await _buffer.PeekAsync(TarBlock.Size, cancel).ConfigureAwait(false) is { IsEmpty: false } rest) _buffer.Take(rest.Length);
    }

    /// <summary>Closes the tar unless it was to stay open.</summary>
    public ValueTask DisposeAsync()
    {
        _done = true;
        _buffer.Dispose();
        return _leaveOpen ? default : _tar.DisposeAsync();
    }

    // A tar ends with two empty blocks; with one, or with none, many programs end theirs too.
    private bool IsEnd(ReadOnlySpan<byte> block, TarExtensions extensions)
    {
        if (block.Length == TarBlock.Size && block.ContainsAnyExcept((byte)0)) return false;
        if (block.Length is > 0 and < TarBlock.Size || extensions.Any) throw TarFaults.Truncated(_buffer.Position);
        return true;
    }

    private async ValueTask<TarEntry?> EndAsync(int length, CancellationToken cancel)
    {
        _done = true;
        _buffer.Take(length);
        ReadOnlyMemory<byte> second = await _buffer.PeekAsync(TarBlock.Size, cancel).ConfigureAwait(false);
        if (second.Span.ContainsAnyExcept((byte)0)) throw TarFaults.Broken(_buffer.Position, "A lone empty block is followed by more.");
        return null;
    }

    private async ValueTask<byte[]> ReadDataAsync(ReadOnlyMemory<byte> block, TarExtensions extensions, CancellationToken cancel)
    {
        int length = DataLength(block.Span, extensions);
        _buffer.Take(TarBlock.Size);
        byte[] data = await _buffer.ReadExactAsync(length, cancel).ConfigureAwait(false);
        await _buffer.SkipAsync(TarBlock.Padding(length), cancel).ConfigureAwait(false);
        return data;
    }

    private int DataLength(ReadOnlySpan<byte> block, TarExtensions extensions)
    {
        var header = new TarHeader(block, extensions, _buffer.Position);
        header.CheckSum();
        long length = header.OwnLength;
        return length <= MaxHeaderBytes ? (int)length : throw TarFaults.TooMuch($"A header at byte {_buffer.Position} has {length} bytes; {MaxHeaderBytes} are the limit.");
    }

    private void AddGlobal(byte[] data)
    {
        _global.Add(data, _buffer.Position);
        if (_global.Weight > MaxHeaderBytes) throw TarFaults.TooMuch($"Global headers have more than {MaxHeaderBytes} bytes.");
    }

    private async ValueTask SkipLabelAsync(ReadOnlyMemory<byte> block, TarExtensions extensions, CancellationToken cancel)
    {
        int length = DataLength(block.Span, extensions);
        _buffer.Take(TarBlock.Size);
        await _buffer.SkipAsync(length + TarBlock.Padding(length), cancel).ConfigureAwait(false);
    }

    private ValueTask<TarEntry?> ReadEntryAsync(ReadOnlyMemory<byte> block, TarExtensions extensions, CancellationToken cancel)
    {
        _unused = extensions.Any ? null : extensions;
        var header = new TarHeader(block.Span, extensions, _buffer.Position);
        header.CheckSum();
        TarEntry entry = header.Parse();
        long stored = header.StoredLength(entry.Kind);
        if (header.Type == (byte)'S') return ReadOldSparseAsync(entry, block.ToArray(), stored, header.GnuRealSize, cancel);
        _buffer.Take(TarBlock.Size);
        if (entry.Kind == EntryKind.File && IsSparse(extensions.Pax)) return ReadPaxSparseAsync(entry, extensions.Pax, stored, cancel);
        return new(Begin(entry, stored, entry.Kind == EntryKind.File ? stored : 0, default));
    }

    private async ValueTask<TarEntry?> ReadOldSparseAsync(TarEntry entry, byte[] header, long stored, long size, CancellationToken cancel)
    {
        _buffer.Take(TarBlock.Size);
        ImmutableArray<SparseSpan> spans = await SparseMap.ReadOldAsync(header, _buffer, cancel).ConfigureAwait(false);
        return Begin(entry, stored, size, spans);
    }

    private static bool IsSparse(PaxRecords pax) =>
        pax.LocalText("GNU.sparse.major") is not null || pax.LocalText("GNU.sparse.map") is not null || pax.SparseRecords.Count > 0;

    private async ValueTask<TarEntry?> ReadPaxSparseAsync(TarEntry entry, PaxRecords pax, long stored, CancellationToken cancel)
    {
        long at = _buffer.Position;
        long size = pax.LocalNumber("GNU.sparse.realsize", at) ?? pax.LocalNumber("GNU.sparse.size", at)
            ?? throw TarFaults.Broken(at, "A sparse file has no size.");
        if (pax.LocalText("GNU.sparse.major") is not { } major) return Begin(entry, stored, size, SparseMap.ReadRecords(pax, at));
        if (major != "1") throw TarFaults.Broken(at, $"Sparse files of version {major} are not known.");
        (ImmutableArray<SparseSpan> spans, long length) = await SparseMap.ReadLinesAsync(stored, _buffer, cancel).ConfigureAwait(false);
        return Begin(entry, stored - length, size, spans);
    }

    // At the first byte of the content.
    private TarEntry Begin(TarEntry entry, long stored, long size, ImmutableArray<SparseSpan> spans)
    {
        if (!spans.IsDefault) SparseMap.Check(spans, size, stored, _buffer.Position);
        if (stored > long.MaxValue - TarBlock.Size - _buffer.Position) throw TarFaults.Truncated(_buffer.Position);
        _content.Begin(stored, size, spans);
        (_end, _padding) = (_buffer.Position + stored, TarBlock.Padding(stored));
        return entry with { Size = size, Offset = _buffer.Position, Sparse = spans };
    }
}
