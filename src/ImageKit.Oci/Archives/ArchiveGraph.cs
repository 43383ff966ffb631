namespace ImageKit.Oci;

/// <summary>All blobs that some roots need, read down to the layers' names.</summary>
internal sealed class ArchiveGraph
{

    private readonly IContentSource _source;
    private readonly SortedDictionary<Digest, Descriptor> _blobs = [];
    private readonly Dictionary<Digest, Document<ImageManifest>> _manifests = [];
    private readonly Dictionary<Digest, Document<IndexManifest>> _indexes = [];

    private ArchiveGraph(IContentSource source) => _source = source;

    /// <summary>Every blob once, by digest.</summary>
    public IEnumerable<Descriptor> Blobs => _blobs.Values;

    public static async Task<ArchiveGraph> ReadAsync(IContentSource source, IEnumerable<Descriptor> roots, CancellationToken cancel)
    {
        var graph = new ArchiveGraph(source);
        foreach (Descriptor root in roots) await graph.AddAsync(root, 0, cancel).ConfigureAwait(false);
        return graph;
    }

    /// <summary>A blob's bytes, proven.</summary>
    public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel)
    {
        if (_manifests.TryGetValue(blob.Digest, out Document<ImageManifest>? manifest)) return new MemoryStream(manifest.Bytes.ToArray(), writable: false);
        if (_indexes.TryGetValue(blob.Digest, out Document<IndexManifest>? index)) return new MemoryStream(index.Bytes.ToArray(), writable: false);
        Stream stream = await _source.OpenAsync(blob, cancel).ConfigureAwait(false);
        return stream as VerifyingStream ?? new VerifyingStream(stream, blob);
    }

    /// <summary>The one image that a program without a notion of platforms is to see: this machine's, or the first.</summary>
    public ImageManifest? ImageOf(Descriptor root)
    {
        if (_manifests.TryGetValue(root.Digest, out Document<ImageManifest>? manifest)) return manifest.Value;
        if (!_indexes.TryGetValue(root.Digest, out Document<IndexManifest>? index)) return null;
        IEnumerable<Descriptor> images = index.Value.Manifests.Where(entry => entry.Platform is not { Os: "unknown" });
        Descriptor? chosen = images.FirstOrDefault(entry => entry.Platform is { } platform && Platform.Local.Accepts(platform)) ?? images.FirstOrDefault();
        return chosen is null ? null : ImageOf(chosen);
    }

    private async Task AddAsync(Descriptor node, int depth, CancellationToken cancel)
    {
        if (depth > GraphLimits.Depth) throw ContentFaults.GraphTooLarge();
        if (!_blobs.TryAdd(node.Digest, node)) return;
        if (MediaTypes.IsIndex(node.MediaType))
        {
            Document<IndexManifest> index = _indexes[node.Digest] = await Documents.ReadIndexAsync(_source, node, cancel).ConfigureAwait(false);
            foreach (Descriptor child in index.Value.Manifests) await AddAsync(child, depth + 1, cancel).ConfigureAwait(false);
        }
        else if (MediaTypes.IsManifest(node.MediaType))
        {
            Document<ImageManifest> manifest = _manifests[node.Digest] = await Documents.ReadManifestAsync(_source, node, cancel).ConfigureAwait(false);
            _blobs.TryAdd(manifest.Value.Config.Digest, manifest.Value.Config);
            foreach (Descriptor layer in manifest.Value.Layers.Where(layer => !MediaTypes.IsForeignLayer(layer.MediaType))) _blobs.TryAdd(layer.Digest, layer);
        }
    }
}
