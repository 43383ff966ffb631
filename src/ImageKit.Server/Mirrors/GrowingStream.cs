using ImageKit.Oci;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Server;

/// <summary>A part of a blob that is still being fetched: reading waits for what is not here yet.</summary>
internal sealed class GrowingStream(BlobFetch fetch, SafeFileHandle file, long from, long length) : AsyncReadStream
{
    private readonly long _end = from + length;
    private long _at = from;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        long left = _end - _at;
        if (left == 0) return 0;
        long available = await fetch.WaitAsync(_at, cancellationToken).ConfigureAwait(false);
        int most = (int)Math.Min(Math.Min(left, available - _at), buffer.Length);
        int read = await RandomAccess.ReadAsync(file, buffer[..most], _at, cancellationToken).ConfigureAwait(false);
        if (read == 0) throw new IOException("The file of the blob ended too early.");
        _at += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
