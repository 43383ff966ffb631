using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Opens a blob at the first of several endpoints, and at the second too where the first is later than it uses to be: who answers first counts.</summary>
internal static class BlobOpening
{
    /// <returns>The bytes, whether the server takes ranges, and how many endpoints were left behind: 0 or 1.</returns>
    public static async Task<(Stream Body, bool KnowsRanges, int Passed)> OpenAsync(ReadRoute route, ImmutableArray<RepositoryRequests> left, Descriptor blob, long from, CancellationToken cancel)
    {
        using CancellationTokenSource stopFirst = CancellationTokenSource.CreateLinkedTokenSource(cancel), stopSecond = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task<(Stream Body, bool KnowsRanges)> first = BlobRequest.OpenAsync(left[0], blob, from, null, stopFirst.Token);
        if (left.Length == 1 || first.IsCompleted || !await IsLateAsync(route, left[0], first, cancel).ConfigureAwait(false)) return With(await first.ConfigureAwait(false), 0);
        Task<(Stream Body, bool KnowsRanges)> second = BlobRequest.OpenAsync(left[1], blob, from, null, stopSecond.Token);
        Task<(Stream Body, bool KnowsRanges)> winner = await Task.WhenAny(first, second).ConfigureAwait(false);
        if (!winner.IsCompletedSuccessfully) winner = winner == first ? second : first;
        await ((Task)winner).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (winner == first ? stopSecond : stopFirst).CancelAsync().ConfigureAwait(false);
        await CloseAsync(winner == first ? second : first).ConfigureAwait(false);
        // Where both failed, the first one's failure is the one to go on from.
        return winner.IsCompletedSuccessfully ? With(await winner.ConfigureAwait(false), winner == first ? 0 : 1) : With(await first.ConfigureAwait(false), 0);
    }

    private static async Task<bool> IsLateAsync(ReadRoute route, RepositoryRequests source, Task asked, CancellationToken cancel)
    {
        TimeSpan patience = route.PatienceWith(source);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bool late = await Task.WhenAny(asked, Task.Delay(patience, route.Last.Options.Time, stop.Token)).ConfigureAwait(false) != asked;
        await stop.CancelAsync().ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        if (late) route.Late(source, patience);
        return late;
    }

    private static (Stream, bool, int) With((Stream Body, bool KnowsRanges) opened, int passed) => (opened.Body, opened.KnowsRanges, passed);

    private static async Task CloseAsync(Task<(Stream Body, bool KnowsRanges)> loser)
    {
        await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loser.IsCompletedSuccessfully) await (await loser.ConfigureAwait(false)).Body.DisposeAsync().ConfigureAwait(false);
    }
}
