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
    private readonly PartMemory _memory;
    private readonly Queue<Task<ArraySegment<byte>>> _parts = new();
    private readonly CancellationTokenSource _stop;
    private readonly int _most;
    private byte[]? _handedOut;
    private long _next;

    /// <param name="route">Is told who gave how much, and who failed.</param>
    /// <param name="sources">Who is asked; the first has given what came so far.</param>
    /// <param name="blob">What is fetched.</param>
    /// <param name="from">Where the first part begins.</param>
    /// <param name="cancel">Stops the work.</param>
    public RangeAhead(ReadRoute route, ImmutableArray<RepositoryRequests> sources, Descriptor blob, long from, CancellationToken cancel)
    {
        (_route, _blob, _width, _next) = (route, blob, route.Last.Options.Ranges, from);
        _memory = route.Last.Transport.Parts;
        _shares = new(sources, route.Last.Transport.Health, _width.PartBytes, route.Last.Options.Time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _most = Math.Max(_width.Connections, _shares.Regular + 1) - 1;
        Fill();
    }

    /// <summary>Whether more than one endpoint gave parts: then nobody can tell who gave wrong bytes.</summary>
    public bool IsShared => _shares.IsShared;

    /// <summary>The next part, to be used until the one behind it is asked for; empty behind the last.</summary>
    /// <exception cref="IOException">It could not be had: the blob is to be read on in one piece.</exception>
    public async Task<ArraySegment<byte>> NextAsync()
    {
        GiveBack();
        Fill();
        if (!_parts.TryDequeue(out Task<ArraySegment<byte>>? part)) return [];
        try
        {
            ArraySegment<byte> bytes = await part.ConfigureAwait(false);
            _handedOut = bytes.Array;
            Fill();
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
        GiveBack();
        foreach (Task<ArraySegment<byte>> part in _parts)
        {
            await ((Task)part).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (part.IsCompletedSuccessfully) _memory.GiveBack((await part.ConfigureAwait(false)).Array!);
        }
        _parts.Clear();
        _stop.Dispose();
    }

    private void GiveBack()
    {
        if (_handedOut is not null) _memory.GiveBack(_handedOut);
        _handedOut = null;
    }

    // As many as there is room for, one at least.
    private void Fill()
    {
        while (_next < _blob.Size && _parts.Count < _most && _memory.Take(beyond: _parts.Count == 0 && _handedOut is null) is { } room)
        {
            long from = _next, to = Math.Min(_blob.Size, from + _width.PartBytes);
            _next = to;
            _parts.Enqueue(FetchAsync(from, to, room));
        }
    }

    private async Task<ArraySegment<byte>> FetchAsync(long from, long to, byte[] room)
    {
        while (true)
        {
            PartShare share = _shares.Take();
            try
            {
                return new(await FetchAsync(share, from, to, room).ConfigureAwait(false), 0, (int)(to - from));
            }
            catch (Exception error) when (error is ImageKitException or IOException && !_stop.IsCancellationRequested && _shares.Drop(share))
            {
                _route.PassOver(share.Source, error); // there is another one
            }
            catch (Exception error) when (error is ImageKitException or IOException or OperationCanceledException)
            {
                _memory.GiveBack(room);
                throw;
            }
        }
    }

    // Of two that are asked for one part the slower one is stopped. Each has room of its own; that of the one that counts is returned.
    private async Task<byte[]> FetchAsync(PartShare share, long from, long to, byte[] room)
    {
        using CancellationTokenSource race = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<byte[]> first = AskAsync(share, from, to, room, race.Token);
        if (_shares.Patience is not { } patience) return await first.ConfigureAwait(false);
        if (await Task.WhenAny(first, Task.Delay(patience, _route.Last.Options.Time, race.Token)).ConfigureAwait(false) == first) return await first.ConfigureAwait(false);
        if (_shares.TakeOther(share) is not { } other || _memory.Take(beyond: true) is not { } more) return await first.ConfigureAwait(false);
        Task<byte[]> second = AskAsync(other, from, to, more, race.Token);
        Task<byte[]> winner = await Task.WhenAny(first, second).ConfigureAwait(false);
        if (!winner.IsCompletedSuccessfully) winner = winner == first ? second : first;
        await ((Task)winner).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await race.CancelAsync().ConfigureAwait(false);
        await ((Task)Task.WhenAll(first, second)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isSecond = winner == second && second.IsCompletedSuccessfully;
        _memory.GiveBack(isSecond ? room : more); // the caller gives the other one back if both failed
        return await winner.ConfigureAwait(false);
    }

    private async Task<byte[]> AskAsync(PartShare share, long from, long to, byte[] room, CancellationToken cancel)
    {
        using PartTurn turn = _shares.Begin(share);
        long began = _route.Last.Options.Time.GetTimestamp();
        (Stream body, _) = await BlobRequest.OpenAsync(share.Source, _blob, from, to, cancel).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await body.ReadExactlyAsync(room.AsMemory(0, (int)(to - from)), cancel).ConfigureAwait(false); // too few: an IOException
            turn.Got();
            _route.Moved(share.Source, (int)(to - from));
            _route.Gave(share.Source, to - from, _route.Last.Options.Time.GetElapsedTime(began));
            return room;
        }
    }
}
