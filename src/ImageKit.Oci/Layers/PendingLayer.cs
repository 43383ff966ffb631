namespace ImageKit.Oci;

/// <summary>A layer that is written but not yet in the store: its content key may show that it was there already.</summary>
public sealed class PendingLayer : IAsyncDisposable
{
    private readonly LayerStore _store;
    private readonly LayerDrafts _drafts;
    private readonly LayerBlob? _record;

    internal PendingLayer(LayerStore store, Layer layer, LayerDrafts drafts, LayerBlob? record) =>
        (_store, Layer, _drafts, _record) = (store, layer, drafts, record);

    /// <summary>Its name and table of contents.</summary>
    public Layer Layer { get; }

    /// <summary>The compressed blob, if one was asked for; in the image store once this is committed.</summary>
    public Descriptor? Blob => _record?.ToDescriptor();

    /// <summary>Puts the layer into the store; if another process just did the same, that is fine.</summary>
    /// <exception cref="ContentException">The disk is full (IK1002) or the file system refuses (IK1003).</exception>
    public async Task CommitAsync(CancellationToken cancel = default)
    {
        if (_drafts.Blob is { } blob) await blob.CommitAsync(Blob!, cancel).ConfigureAwait(false);
        await _store.CommitAsync(Layer, _drafts.Tar, _record, cancel).ConfigureAwait(false);
    }

    /// <summary>Drops the layer unless it was committed.</summary>
    public ValueTask DisposeAsync()
    {
        _drafts.Dispose();
        return default;
    }
}
