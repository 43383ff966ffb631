using System.Buffers;

namespace ImageKit.Oci;

/// <summary>Moves a blob's bytes, never more than one beyond what was promised.</summary>
internal static class BlobCopy
{
    private const int BufferBytes = 256 * 1024;

    public static async Task RunAsync(Stream content, Stream target, Descriptor blob, CancellationToken cancel)
    {
        if (blob.Size < 0) throw ContentFaults.NegativeSize(blob);
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferBytes, blob.Size + 1));
        try
        {
            long left = blob.Size;
            while (true)
            {
                int read = await content.ReadAsync(buffer, cancel).ConfigureAwait(false);
                if (read == 0) return; // too short or right: the caller's check of the size tells
                left -= read;
                if (left < 0) throw ContentFaults.TooLong(blob);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads past the first bytes.</summary>
    /// <exception cref="EndOfStreamException">The content ends before.</exception>
    public static async Task SkipAsync(Stream content, long count, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BufferBytes, Math.Max(1, count)));
        try
        {
            for (long left = count; left > 0;)
            {
                int read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancel).ConfigureAwait(false);
                if (read == 0) throw new EndOfStreamException($"The content ended {left} bytes too early.");
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
