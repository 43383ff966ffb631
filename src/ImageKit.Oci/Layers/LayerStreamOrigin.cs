namespace ImageKit.Oci;

/// <summary>
/// The files of a layer in the order of its tar, out of one stream that is read from front to back: nothing is unpacked or kept. For one reader at
/// a time. A file that lies before the last one makes it begin again.
/// </summary>
internal sealed class LayerStreamOrigin(LayerStore store, Digest diffId) : ContentOrigin, IAsyncDisposable
{
    private Stream? _tar;
    private long _position;

    public override async ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel)
    {
        if (_tar is null || entry.Offset < _position)
        {
            await DisposeAsync().ConfigureAwait(false);
            (_tar, _position) = (await store.OpenPlainAsync(diffId, cancel).ConfigureAwait(false), 0);
        }
        await BlobCopy.SkipAsync(_tar, entry.Offset - _position, cancel).ConfigureAwait(false);
        _position = entry.Offset;
        return entry.Sparse.IsDefault ? new Piece(this, entry.Size) : new SparseStream(new Piece(this, entry.Sparse.Sum(span => span.Length)), entry);
    }

    public async ValueTask DisposeAsync()
    {
        if (_tar is not null) await _tar.DisposeAsync().ConfigureAwait(false);
        _tar = null;
    }

    /// <summary>One run of bytes; closing it leaves the layer open.</summary>
    private sealed class Piece(LayerStreamOrigin origin, long length) : AsyncReadStream
    {
        private long _left = length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0 || buffer.IsEmpty) return 0;
            int read = await origin._tar!.ReadAsync(buffer[..(int)Math.Min(_left, buffer.Length)], cancellationToken).ConfigureAwait(false);
            if (read == 0) throw TarFaults.Truncated(origin._position);
            _left -= read;
            origin._position += read;
            return read;
        }
    }
}
