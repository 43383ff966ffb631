using ImageKit.Oci;

namespace ImageKit.Testing;

/// <summary>A stream whose connection breaks, stalls or ends after some bytes.</summary>
/// <param name="inner">The bytes.</param>
/// <param name="most">How many come through.</param>
/// <param name="resets">Whether it breaks by a reset.</param>
/// <param name="stalls">Whether it waits forever then, rather than breaking.</param>
internal sealed class BrokenStream(Stream inner, int most, bool resets, bool stalls = false) : ReadOnlyStream
{
    private int _left = most;

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 && stalls) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        if (_left == 0) throw new ToldToBreak(resets);
        int read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
