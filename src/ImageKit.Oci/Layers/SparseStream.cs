namespace ImageKit.Oci;

/// <summary>A sparse file with its holes filled, out of the bytes that are in the tar.</summary>
internal sealed class SparseStream(Stream stored, TocEntry entry) : AsyncReadStream
{
    private long _position;
    private int _span;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_span < entry.Sparse.Length && entry.Sparse[_span].Offset + entry.Sparse[_span].Length <= _position) _span++;
        SparseSpan next = _span < entry.Sparse.Length ? entry.Sparse[_span] : new(entry.Size, 0);
        bool hole = _position < next.Offset;
        int count = (int)Math.Min(buffer.Length, (hole ? next.Offset : next.Offset + next.Length) - _position);
        if (hole) buffer.Span[..count].Clear();
        else if (count > 0) count = await stored.ReadAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
        _position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) stored.Dispose();
        base.Dispose(disposing);
    }
}
