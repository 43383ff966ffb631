using System.Buffers;
using System.Net;

namespace ImageKit.Registry;

/// <summary>A blob as the body of a request, read from a stream as it is sent, of known length.</summary>
internal sealed class BlobBody : HttpContent
{
    private const int BufferBytes = 256 * 1024;

    private readonly Stream _content;
    private readonly Action<Exception> _failed;

    /// <param name="content">Stands at the first byte to be sent; stays open.</param>
    /// <param name="length">Bytes to send.</param>
    /// <param name="range">`Content-Range` in this protocol's form, without a unit: `0-99`; null for none.</param>
    /// <param name="failed">Told when the stream, not the network, fails: the connection's own error would hide it.</param>
    public BlobBody(Stream content, long length, string? range, Action<Exception> failed)
    {
        (_content, _failed) = (content, failed);
        Headers.ContentLength = length;
        Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        if (range is not null) Headers.TryAddWithoutValidation("Content-Range", range);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long left = Headers.ContentLength!.Value;
            while (left > 0 && await ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken).ConfigureAwait(false) is > 0 and int read)
            {
                left -= read;
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Headers.ContentLength!.Value;
        return true;
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await _content.ReadAsync(buffer, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ImageKitException or IOException or UnauthorizedAccessException)
        {
            _failed(error);
            throw;
        }
    }
}
