using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>The bytes of a tar's current entry, with holes filled.</summary>
internal sealed class TarContent(TarBuffer buffer) : ReadOnlyStream
{
    private ImmutableArray<SparseSpan> _sparse;
    private int _span; // the first one that is not behind us
    private long _size, _position;

    /// <summary>Bytes of the entry that are still in the tar before the next header, without padding.</summary>
    public long Stored { get; private set; }

    public override long Length => _size;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    /// <summary>Begins the next entry's bytes.</summary>
    /// <param name="stored">Bytes in the tar.</param>
    /// <param name="size">Bytes with holes filled.</param>
    /// <param name="sparse">What is in the tar, if not all is.</param>
    public void Begin(long stored, long size, ImmutableArray<SparseSpan> sparse) =>
        (Stored, _size, _sparse, _span, _position) = (stored, size, sparse, 0, 0);

    /// <summary>Nothing more can be read of it: the buffer goes on to the next header.</summary>
    public void End() => (Stored, _position) = (0, _size);

    public override int Read(Span<byte> target)
    {
        (int count, bool hole) = Next(target.Length);
        if (count == 0) return 0;
        if (hole) target[..count].Clear();
        else count = buffer.Read(target[..count]);
        return Advance(count, hole);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken = default)
    {
        (int count, bool hole) = Next(target.Length);
        if (count == 0) return new(0);
        if (!hole) return ReadStoredAsync(target[..count], cancellationToken);
        target.Span[..count].Clear();
        return new(Advance(count, hole));
    }

    private async ValueTask<int> ReadStoredAsync(Memory<byte> target, CancellationToken cancel) =>
        Advance(await buffer.ReadAsync(target, cancel).ConfigureAwait(false), hole: false);

    private int Advance(int count, bool hole)
    {
        if (count == 0) throw TarFaults.Truncated(buffer.Position);
        _position += count;
        if (!hole) Stored -= count;
        return count;
    }

    private (int Count, bool Hole) Next(int room)
    {
        long left = Math.Min(_size - _position, room);
        if (_sparse.IsDefault) return ((int)left, false);
        while (_span < _sparse.Length && _sparse[_span].Offset + _sparse[_span].Length <= _position) _span++;
        if (_span == _sparse.Length) return ((int)left, true);
        SparseSpan span = _sparse[_span];
        return _position < span.Offset
            ? ((int)Math.Min(left, span.Offset - _position), true)
            : ((int)Math.Min(left, span.Offset + span.Length - _position), false);
    }
}
