namespace ImageKit.Oci;

/// <summary>A layer that is written but not yet in the store: its content key may show that it was there already.</summary>
public sealed class PendingLayer : IAsyncDisposable
{
    internal PendingLayer(Layer layer, Descriptor? blob) => (Layer, Blob) = (layer, blob);

    /// <summary>Its name and table of contents.</summary>
    public Layer Layer { get; }

    /// <summary>The compressed blob, if one was asked for; in the image store once this is committed.</summary>
    public Descriptor? Blob { get; }

    /// <summary>Puts the layer into the store; if another process just did the same, that is fine.</summary>
    /// <exception cref="ContentException">The disk is full (IK1002) or the file system refuses (IK1003).</exception>
    public Task CommitAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Drops the layer unless it was committed.</summary>
    public ValueTask DisposeAsync() => default;
}
