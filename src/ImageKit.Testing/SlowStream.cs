using ImageKit.Oci;

namespace ImageKit.Testing;

/// <summary>A stream that hands out its bytes slowly, a tenth of a second's worth at a time.</summary>
internal sealed class SlowStream(Stream inner, int bytesPerSecond) : ReadOnlyStream
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(Step, cancellationToken).ConfigureAwait(false);
        return await inner.ReadAsync(buffer[..Math.Min(buffer.Length, Math.Max(1, bytesPerSecond / 10))], cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
