using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// Fetches the parts of a blob that come next, several at once and from several mirrors if there are, and hands them out in their order. Who is
/// faster gets more of them; a part that is late is asked of another one too, and the first that has it counts.
/// </summary>
internal sealed class RangeAhead : IAsyncDisposable
{
    private readonly ReadRoute _route;
    private readonly PartShares _shares;
    private readonly Descriptor _blob;
    private readonly RangeWidth _width;
    private readonly Queue<Task<byte[]>> _parts = new();
    private readonly CancellationTokenSource _stop;
    private long _next;

    /// <param name="route">Is told who gave how much, and who failed.</param>
    /// <param name="sources">Who is asked; the first has given what came so far.</param>
    /// <param name="blob">What is fetched.</param>
    /// <param name="from">Where the first part begins.</param>
    /// <param name="cancel">Stops the work.</param>
    public RangeAhead(ReadRoute route, ImmutableArray<RepositoryRequests> sources, Descriptor blob, long from, CancellationToken cancel)
    {
        (_route, _blob, _width, _next) = (route, blob, route.Last.Options.Ranges, from);
        _shares = new(sources, route.Last.Options.Time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        for (int i = 1; i < Math.Max(_width.Connections, _shares.Regular + 1); i++) Begin();
    }

    /// <summary>Whether more than one endpoint gave parts: then nobody can tell who gave wrong bytes.</summary>
    public bool IsShared => _shares.IsShared;

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
        while (true)
        {
            PartShare share = _shares.Take();
            try
            {
                return await FetchAsync(share, from, to).ConfigureAwait(false);
            }
            catch (Exception error) when (error is ImageKitException or IOException && !_stop.IsCancellationRequested && _shares.Drop(share))
            {
                _route.PassOver(share.Source, error); // there is another one
            }
        }
    }

    // Of two that are asked for one part the slower one is stopped.
    private async Task<byte[]> FetchAsync(PartShare share, long from, long to)
    {
        using CancellationTokenSource race = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<byte[]> first = AskAsync(share, from, to, race.Token);
        if (_shares.Patience is not { } patience) return await first.ConfigureAwait(false);
        if (await Task.WhenAny(first, Task.Delay(patience, _route.Last.Options.Time, race.Token)).ConfigureAwait(false) == first || _shares.TakeOther(share) is not { } other) return await first.ConfigureAwait(false);
        Task<byte[]> second = AskAsync(other, from, to, race.Token);
        Task<byte[]> winner = await Task.WhenAny(first, second).ConfigureAwait(false);
        if (!winner.IsCompletedSuccessfully) winner = winner == first ? second : first;
        try
        {
            return await winner.ConfigureAwait(false);
        }
        finally
        {
            await race.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(first, second)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<byte[]> AskAsync(PartShare share, long from, long to, CancellationToken cancel)
    {
        using PartTurn turn = _shares.Begin(share);
        (Stream body, _) = await BlobRequest.OpenAsync(share.Source, _blob, from, to, cancel).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] bytes = new byte[to - from];
            await body.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false); // too few: an IOException
            turn.Got();
            _route.Moved(share.Source, bytes.Length);
            return bytes;
        }
    }
}
