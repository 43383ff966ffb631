using SharpCompress.Common;
using ZstdSharp;

namespace ImageKit.Oci;

/// <summary>A decompressor of another package, whose errors become ours.</summary>
internal sealed class ForeignDecodeStream(Stream decoder, string format, Stream compressed) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return decoder.Read(buffer);
        }
        catch (Exception e) when (IsBrokenData(e))
        {
            throw CompressionFaults.Broken(format, e.Message, e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await decoder.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBrokenData(e))
        {
            throw CompressionFaults.Broken(format, e.Message, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
            compressed.Dispose();
        }
        base.Dispose(disposing);
    }

    // What the decoders throw for bytes that they cannot read; errors of the disk or network below are others.
    private static bool IsBrokenData(Exception e) =>
        e is ZstdException or SharpCompressException or InvalidDataException or EndOfStreamException or InvalidOperationException or IndexOutOfRangeException or ArithmeticException;
}
