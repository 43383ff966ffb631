using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// Proves that an image is whole and what it says it is: each document well-formed and of its digest, each blob there, of its size and digest, each
/// layer a tar whose content is the configuration's, each image of the platform that its index names. Nothing is written.
/// </summary>
public sealed class ImageCheck
{
    private readonly IContentStore _source;
    private readonly ImageCheckOptions _options;
    private readonly IProgress<TransferEvent>? _progress;
    private readonly HashSet<Digest> _seen = [];
    private readonly List<BlobToCheck> _blobs = [];
    private readonly HashSet<(Digest Blob, Digest? DiffId)> _layers = [];
    private readonly List<ImageFault> _faults = [];
    private int _documents;

    private ImageCheck(IContentStore source, ImageCheckOptions options, IProgress<TransferEvent>? progress) => (_source, _options, _progress) = (source, options, progress);

    /// <summary>Checks all that a root points to. What is wrong is in the report; the check goes on behind it.</summary>
    /// <param name="source">Where it is: a store, a layout, a repository.</param>
    /// <param name="root">A manifest or index.</param>
    /// <param name="options">How thoroughly; every byte of all platforms unless set.</param>
    /// <param name="progress">Is told of every blob; called from several threads at once.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">The source cannot be asked at all: a registry refuses or does not answer (IK20xx), a disk fails (IK1003).</exception>
    public static async Task<ImageCheckReport> RunAsync(IContentStore source, Descriptor root, ImageCheckOptions? options = null, IProgress<TransferEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(root);
        ImageCheck check = new(source, options ?? new(), progress);
        await check.NodeAsync(root, root.Digest.ToString(), 0, cancel).ConfigureAwait(false);
        (long bytes, IEnumerable<ImageFault> broken) = await check.BlobsAsync(cancel).ConfigureAwait(false);
        return new([.. check._faults, .. broken], check._documents, check._blobs.Count, bytes);
    }

    private Task NodeAsync(Descriptor node, string place, int depth, CancellationToken cancel)
    {
        if (depth > GraphLimits.Depth || _seen.Count > GraphLimits.Nodes) throw ContentFaults.GraphTooLarge();
        if (!_seen.Add(node.Digest)) return Task.CompletedTask;
        if (MediaTypes.IsIndex(node.MediaType)) return IndexAsync(node, place, depth, cancel);
        if (MediaTypes.IsManifest(node.MediaType)) return ManifestAsync(node, place, cancel);
        _blobs.Add(new(node, place, null));
        return Task.CompletedTask;
    }

    private async Task IndexAsync(Descriptor node, string place, int depth, CancellationToken cancel)
    {
        if (await ReadAsync(place, () => Documents.ReadIndexAsync(_source, node, cancel)).ConfigureAwait(false) is not { } index) return;
        ImmutableArray<Descriptor> entries = index.Value.Manifests;
        if (_options.Platforms.Length > 0 && depth == 0) entries = [.. _options.Platforms.Select(platform => PlatformChoice.Find(index.Value, platform)).Distinct()];
        foreach ((int number, Descriptor entry) in entries.Index())
            await NodeAsync(entry, $"{place} → {(entry.Platform is { Os: not "unknown" } platform ? platform.ToString() : $"entry {number}")}", depth + 1, cancel).ConfigureAwait(false);
    }

    private async Task ManifestAsync(Descriptor node, string place, CancellationToken cancel)
    {
        if (await ReadAsync(place, () => Documents.ReadManifestAsync(_source, node, cancel)).ConfigureAwait(false) is not { } manifest) return;
        ImmutableArray<Descriptor> layers = manifest.Value.Layers;
        ImmutableArray<Digest> diffIds = default;
        if (!MediaTypes.IsConfig(manifest.Value.Config.MediaType)) _blobs.Add(new(manifest.Value.Config, $"{place} → config", null));
        else if (await ReadAsync($"{place} → config", () => Documents.ReadConfigAsync(_source, manifest.Value.Config, cancel)).ConfigureAwait(false) is { } config)
        {
            foreach (string fault in ImageRules.Faults(node, config.Value, layers.Length)) Add(place, ContentFaults.Inconsistent(node, fault));
            if (config.Value.Rootfs.DiffIds.Length == layers.Length) diffIds = config.Value.Rootfs.DiffIds;
        }
        for (int i = 0; i < layers.Length; i++)
        {
            // Of foreign layers registries hold nothing; a layer that two images have is read once for each content that they promise.
            Digest? diffId = diffIds.IsDefault || !MediaTypes.IsLayer(layers[i].MediaType) ? null : diffIds[i];
            if (!MediaTypes.IsForeignLayer(layers[i].MediaType) && _layers.Add((layers[i].Digest, diffId))) _blobs.Add(new(layers[i], $"{place} → layer {i}", diffId));
        }
    }

    private async Task<(long Bytes, IEnumerable<ImageFault> Faults)> BlobsAsync(CancellationToken cancel)
    {
        long bytes = 0;
        var faults = new ImageFault?[_blobs.Count];
        ParallelOptions width = new() { MaxDegreeOfParallelism = Math.Max(4, Environment.ProcessorCount), CancellationToken = cancel };
        await Parallel.ForEachAsync(_blobs.Index(), width, async (item, stop) =>
        {
            (int order, BlobToCheck blob) = item;
            try
            {
                if (_options.Fast) await AskAsync(blob.Blob, stop).ConfigureAwait(false);
                else Interlocked.Add(ref bytes, await blob.ReadAsync(_source, _progress, stop).ConfigureAwait(false));
            }
            catch (ContentException error) when (IsOfContent(error))
            {
                faults[order] = new(blob.Place, error);
            }
        }).ConfigureAwait(false);
        return (bytes, faults.OfType<ImageFault>());
    }

    // What is not there is told in the source's own words.
    private async Task AskAsync(Descriptor blob, CancellationToken cancel)
    {
        if (!await _source.ContainsAsync(blob, cancel).ConfigureAwait(false)) await (await _source.OpenAsync(blob, cancel).ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private async Task<Document<T>?> ReadAsync<T>(string place, Func<Task<Document<T>>> read) where T : class
    {
        _documents++;
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (ContentException error) when (IsOfContent(error))
        {
            Add(place, error);
            return null;
        }
    }

    private void Add(string place, ContentException error) => _faults.Add(new(place, error));

    // A disk that fails says nothing of the image.
    private static bool IsOfContent(ContentException error) => error.Code is not ("IK1002" or "IK1003");
}
