using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>A layer that an operation made, not yet kept where it need not be kept.</summary>
/// <param name="DiffId">The layer.</param>
/// <param name="Pending">What keeps or drops it; null if it is in the layer store already.</param>
internal sealed record LayerResult(Digest DiffId, PendingLayer? Pending) : IAsyncDisposable
{
    public async ValueTask KeepAsync(CancellationToken cancel)
    {
        if (Pending is not null) await Pending.CommitAsync(cancel).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => Pending?.DisposeAsync() ?? ValueTask.CompletedTask;
}
