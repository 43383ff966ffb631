namespace ImageKit.Oci;

/// <summary>A tar behind its decompressor, held against limits as it is read: what a decoder would make is not asked for beyond them.</summary>
internal sealed class LimitedTar(Stream plain, CountedStream packed, UnpackLimits limits) : ReadOnlyStream
{
    private long _read;

    public override int Read(Span<byte> buffer) => Count(plain.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await plain.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    protected override void Dispose(bool disposing)
    {
        if (disposing) plain.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        _read += read;
        limits.CheckBytes(_read, packed.Total);
        return read;
    }
}

/// <summary>Counts what is read of a stream.</summary>
internal sealed class CountedStream(Stream inner) : ReadOnlyStream
{
    private long _read;

    public long Total => _read;

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _read += read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _read += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
