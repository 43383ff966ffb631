using System.IO.Pipelines;

namespace ImageKit.Oci;

/// <summary>
/// Sees the bytes of a layer's blob as they arrive, decompresses them and makes the table of contents beside, so that nobody has to read the blob
/// again. What is no layer gives no table; whoever uses it is told why then.
/// </summary>
internal sealed class LayerWatch : IAsyncDisposable
{
    private readonly CancellationToken _cancel;
    private Pipe? _pipe;
    private Task<TableOfContents?> _reading = Task.FromResult<TableOfContents?>(null);
    private bool _gaveUp;

    public LayerWatch(CancellationToken cancel) => _cancel = cancel;

    /// <summary>The blob begins, perhaps not for the first time.</summary>
    public async ValueTask BeginAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        _gaveUp = false;
        _pipe = new(new(BlockPool.Shared, pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 512 << 10, minimumSegmentSize: BlockPool.BlockBytes, useSynchronizationContext: false));
        _reading = Task.Run(() => ReadAsync(_pipe.Reader), CancellationToken.None);
    }

    /// <summary>The next bytes; waits while too many were not looked at yet.</summary>
    public async ValueTask SeeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (_gaveUp || _pipe is null) return;
        _gaveUp = (await _pipe.Writer.WriteAsync(bytes, cancel).ConfigureAwait(false)).IsCompleted;
    }

    /// <summary>That was all.</summary>
    /// <returns>The table of contents; null if the blob was not seen, or is no layer.</returns>
    public async Task<TableOfContents?> EndAsync()
    {
        if (_pipe is not null) await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
        return await _reading.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pipe is null) return;
        await _pipe.Writer.CompleteAsync(new OperationCanceledException()).ConfigureAwait(false);
        await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _pipe = null;
    }

    private async Task<TableOfContents?> ReadAsync(PipeReader reader)
    {
        try
        {
            (Stream plain, _) = await Compression.OpenAsync(reader.AsStream(), _cancel).ConfigureAwait(false);
            await using (plain.ConfigureAwait(false)) return await LayerImport.ReadAsync(plain, null, _cancel).ConfigureAwait(false);
        }
        catch (ContentException)
        {
            return null; // no tar, or a broken one: what is built on it fails with the reason, what copies it on does not mind
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
