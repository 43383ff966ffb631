using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>One file's bytes in the tar of a layer on disk, with holes filled.</summary>
internal sealed class TarFileStream(SafeFileHandle tar, TocEntry entry) : ReadOnlyStream
{
    private readonly ImmutableArray<SparseSpan> _spans = entry.Sparse.IsDefault ? [new(0, entry.Size)] : entry.Sparse;
    private long _position, _stored = entry.Offset; // in the file; where the current span's bytes begin in the tar
    private int _span;

    public override long Length => entry.Size;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        (int count, long at) = Next(buffer.Length);
        if (at < 0) buffer[..count].Clear();
        else if (count > 0) count = RandomAccess.Read(tar, buffer[..count], at);
        return Advance(count, buffer.Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        (int count, long at) = Next(buffer.Length);
        if (at < 0) buffer.Span[..count].Clear();
        else if (count > 0) count = await RandomAccess.ReadAsync(tar, buffer[..count], at, cancellationToken).ConfigureAwait(false);
        return Advance(count, buffer.Length);
    }

    private int Advance(int count, int asked)
    {
        if (count == 0 && asked > 0 && _position < entry.Size) throw TarFaults.Truncated(_stored);
        _position += count;
        return count;
    }

    // How much comes next, and from where in the tar; -1 for a hole.
    private (int Count, long At) Next(int room)
    {
        while (_span < _spans.Length && _spans[_span].Offset + _spans[_span].Length <= _position) _stored += _spans[_span++].Length;
        long left = Math.Min(entry.Size - _position, room);
        if (_span == _spans.Length) return ((int)left, -1);
        SparseSpan span = _spans[_span];
        if (_position < span.Offset) return ((int)Math.Min(left, span.Offset - _position), -1);
        return ((int)Math.Min(left, span.Offset + span.Length - _position), _stored + _position - span.Offset);
    }
}
