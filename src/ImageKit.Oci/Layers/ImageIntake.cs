using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// The image store of a <see cref="LayerStore"/> as a target of copies that makes the tables of contents of layers in the pass in which they
/// arrive: no blob is read a second time to build on it. An image whose layers are not those that its configuration promises is refused.
/// </summary>
/// <param name="layers">The store; stays the caller's.</param>
public sealed class ImageIntake(LayerStore layers) : IContentStore
{
    private readonly ConcurrentDictionary<Digest, Digest> _taken = new(); // diffIDs, by blob

    private IContentStore Images => layers.Images;

    /// <inheritdoc/>
    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => Images.ResolveAsync(name, cancel);

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => Images.OpenAsync(blob, cancel);

    /// <inheritdoc/>
    public Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default) => Images.ContainsAsync(blob, cancel);

    /// <inheritdoc/>
    public Task PutAsync(Descriptor blob, Stream content, CancellationToken cancel = default) => Images.PutAsync(blob, content, cancel);

    /// <inheritdoc/>
    /// <exception cref="ContentException">It is a manifest whose layers are not those that its configuration promises (IK1106).</exception>
    public async Task PutAsync(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (MediaTypes.IsManifest(blob.MediaType)) await CheckAsync(blob, open, cancel).ConfigureAwait(false);
        await Images.PutAsync(blob, open, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ContentException">The layer's own table of contents speaks of other files than its tar (IK1216).</exception>
    public async Task PutAsync(Descriptor blob, IContentSource source, IProgress<long>? moved, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (!MediaTypes.IsLayer(blob.MediaType)) await Images.PutAsync(blob, source, moved, cancel).ConfigureAwait(false);
        else if (await layers.TakeAsync(blob, source, moved, cancel).ConfigureAwait(false) is { } diffId) _taken[blob.Digest] = diffId;
    }

    /// <inheritdoc/>
    public Task TagAsync(string tag, Descriptor root, CancellationToken cancel = default) => Images.TagAsync(tag, root, cancel);

    private async Task CheckAsync(Descriptor manifest, Func<CancellationToken, Task<Stream>> open, CancellationToken cancel)
    {
        byte[] bytes = new byte[manifest.Size]; // at most a manifest's
        Stream content = await open(cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false)) await content.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
        ImageManifest parsed = Documents.ParseManifest(bytes, manifest).Value;
        if (!MediaTypes.IsConfig(parsed.Config.MediaType) || !parsed.Layers.Any(layer => _taken.ContainsKey(layer.Digest))) return;
        ImmutableArray<Digest> promised = (await Documents.ReadConfigAsync(layers.Images, parsed.Config, cancel).ConfigureAwait(false)).Value.Rootfs.DiffIds;
        foreach ((Descriptor layer, Digest diffId) in parsed.Layers.Zip(promised))
        {
            if (_taken.TryGetValue(layer.Digest, out Digest actual) && actual != diffId && diffId.Algorithm == actual.Algorithm) throw LayerFaults.WrongContent(diffId, actual);
        }
    }
}
