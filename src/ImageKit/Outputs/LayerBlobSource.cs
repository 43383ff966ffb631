using System.Collections.Frozen;
using ImageKit.Oci;
using ImageKit.Snapshots;

namespace ImageKit.Outputs;

/// <summary>Reads the result's blobs from the store; those of the base that are not there, from where the base is.</summary>
internal sealed class LayerBlobSource(OutputContext context) : IContentSource
{
    private readonly FrozenDictionary<Digest, LayerBlob> _base = context.Images.SelectMany(image => image.Snapshot.Layers)
        .Select(layer => layer.Blob).OfType<LayerBlob>().DistinctBy(blob => blob.Descriptor.Digest).ToFrozenDictionary(blob => blob.Descriptor.Digest);

    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => context.Store.ResolveAsync(name, cancel);

    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) =>
        _base.TryGetValue(blob.Digest, out LayerBlob? known) ? known.Source.OpenAsync(known.Descriptor, cancel) : context.Store.OpenAsync(blob, cancel);
}
