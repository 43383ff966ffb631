using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Fetches the parts of a blob that come next, several at once, and hands them out in their order.</summary>
internal sealed class RangeAhead : IAsyncDisposable
{
    private readonly RepositoryRequests _requests;
    private readonly Descriptor _blob;
    private readonly RangeWidth _width;
    private readonly Queue<Task<byte[]>> _parts = new();
    private readonly CancellationTokenSource _stop;
    private long _next;

    /// <param name="requests">Who is asked.</param>
    /// <param name="blob">What is fetched.</param>
    /// <param name="from">Where the first part begins.</param>
    /// <param name="cancel">Stops the work.</param>
    public RangeAhead(RepositoryRequests requests, Descriptor blob, long from, CancellationToken cancel)
    {
        (_requests, _blob, _width, _next) = (requests, blob, requests.Options.Ranges, from);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        for (int i = 1; i < _width.Connections; i++) Begin();
    }

    /// <summary>The next part; empty behind the last.</summary>
    /// <exception cref="IOException">It could not be had: the blob is to be read on in one piece.</exception>
    public async Task<byte[]> NextAsync()
    {
        if (!_parts.TryDequeue(out Task<byte[]>? part)) return [];
        try
        {
            byte[] bytes = await part.ConfigureAwait(false);
            Begin();
            return bytes;
        }
        catch (ImageKitException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (Task<byte[]> part in _parts) await ((Task)part).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Begin()
    {
        if (_next >= _blob.Size) return;
        long from = _next, to = Math.Min(_blob.Size, from + _width.PartBytes);
        _next = to;
        _parts.Enqueue(FetchAsync(from, to));
    }

    private async Task<byte[]> FetchAsync(long from, long to)
    {
        (Stream body, _) = await BlobRequest.OpenAsync(_requests, _blob, from, to, _stop.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] bytes = new byte[to - from];
            await body.ReadExactlyAsync(bytes, _stop.Token).ConfigureAwait(false); // too few: an IOException
            return bytes;
        }
    }
}
