using System.Buffers;

namespace ImageKit.Oci;

/// <summary>A reading stream whose work is asynchronous; synchronous reads wait for it.</summary>
internal abstract class AsyncReadStream : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            int read = ReadAsync(rented.AsMemory(0, buffer.Length)).AsTask().GetAwaiter().GetResult();
            rented.AsSpan(0, read).CopyTo(buffer);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
