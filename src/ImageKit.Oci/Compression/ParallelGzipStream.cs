namespace ImageKit.Oci;

/// <summary>
/// Compresses to gzip on all cores. The bytes depend on the content alone: not on the number of cores, nor on how it is cut into writes. Every
/// gzip reader reads them. Disposing ends the stream; nothing is flushed before. Not for use by several threads at once.
/// </summary>
public sealed class ParallelGzipStream : Stream
{
    private readonly Stream _output;
    private readonly bool _leaveOpen;
    private readonly BlockPipeline _pipeline;
    private BlockPipeline.Block? _block;
    private bool _done;

    /// <summary>Begins a gzip stream.</summary>
    /// <param name="output">Takes the compressed bytes.</param>
    /// <param name="leaveOpen">Whether <paramref name="output"/> stays open when this is disposed.</param>
    public ParallelGzipStream(Stream output, bool leaveOpen = false)
        : this(output, leaveOpen, null)
    {
    }

    internal ParallelGzipStream(Stream output, bool leaveOpen, int? width) =>
        (_output, _leaveOpen, _pipeline) = (output, leaveOpen, new(new(null, output, GzipCodec.Instance, Hash: false, width)));

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => !_done;

    /// <summary>Not known.</summary>
    public override long Length => throw new NotSupportedException();

    /// <summary>Not known.</summary>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        while (!buffer.IsEmpty)
        {
            _block ??= await NextAsync(cancellationToken).ConfigureAwait(false);
            int count = Math.Min(buffer.Length, BlockCodec.BlockBytes - _block.Length);
            buffer.Span[..count].CopyTo(_block.Bytes.AsSpan(_block.Length));
            _block.Length += count;
            buffer = buffer[count..];
            if (_block.Length == BlockCodec.BlockBytes) Post();
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Writes what is left and the end of the gzip stream.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (_done) return;
        _done = true;
        await using (_pipeline.ConfigureAwait(false))
        {
            if (_block is not null) Post();
            await _pipeline.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        }
        if (!_leaveOpen) await _output.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    private async ValueTask<BlockPipeline.Block> NextAsync(CancellationToken cancel)
    {
        BlockPipeline.Block block = await _pipeline.RentAsync(cancel).ConfigureAwait(false);
        block.Length = 0;
        return block;
    }

    private void Post()
    {
        _pipeline.Post(_block!);
        _block = null;
    }
}
