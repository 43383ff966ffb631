using System.Collections.Concurrent;
using ImageKit.Oci;

namespace ImageKit.Snapshots;

/// <summary>Brings layers into the layer store: from there, or from their blob, which is kept among the images on the way.</summary>
internal sealed class LayerFetcher(LayerStore layers, LayoutStore images, IProgress<BuildEvent>? progress)
{
    private readonly ConcurrentDictionary<Digest, Lazy<Task<Layer>>> _layers = new();
    private readonly ConcurrentDictionary<Digest, Lazy<Task>> _blobs = new();

    /// <summary>The layer with its table of contents.</summary>
    /// <exception cref="BuildException">The layer is gone (IK4030).</exception>
    public Task<Layer> GetAsync(SnapshotLayer layer, CancellationToken cancel) =>
        _layers.GetOrAdd(layer.DiffId, _ => new(() => FetchAsync(layer, cancel))).Value.WaitAsync(cancel);

    /// <summary>Takes over a layer that is in the layer store and in memory.</summary>
    public void Adopt(Layer layer) => _layers.TryAdd(layer.DiffId, new(() => Task.FromResult(layer)));

    /// <summary>Makes sure that the blob of a layer is among the images.</summary>
    public Task EnsureBlobAsync(LayerBlob blob, CancellationToken cancel) =>
        _blobs.GetOrAdd(blob.Descriptor.Digest, _ => new(() => CopyAsync(blob, cancel))).Value.WaitAsync(cancel);

    private async Task<Layer> FetchAsync(SnapshotLayer layer, CancellationToken cancel)
    {
        if (await layers.FindAsync(layer.DiffId, cancel).ConfigureAwait(false) is { } found) return found;
        if (layer.Blob is not { } blob) throw Gone(layer.DiffId);
        ReportingSource source = new(blob.Source, blob.Origin, progress);
        while (true)
        {
            try
            {
                return await layers.ImportAsync(blob.Descriptor, layer.DiffId, source, cancel: cancel).ConfigureAwait(false);
            }
            catch (ContentException error) when (error.Code is "IK1102" or "IK1103" && source.ReadElsewhere(blob.Descriptor))
            {
                // A mirror gave wrong bytes, and is left out now.
            }
        }
    }

    private async Task CopyAsync(LayerBlob blob, CancellationToken cancel)
    {
        if (await images.ContainsAsync(blob.Descriptor, cancel).ConfigureAwait(false)) return;
        await images.PutAsync(blob.Descriptor, new ReportingSource(blob.Source, blob.Origin, progress), moved: null, cancel).ConfigureAwait(false);
    }

    private static BuildException Gone(Digest diffId) => new("IK4030",
        $"The layer {diffId} is not in the store any more.",
        "Another process pruned the store, or its folder was changed by hand.",
        "Build again; the step that makes the layer will run.");
}
