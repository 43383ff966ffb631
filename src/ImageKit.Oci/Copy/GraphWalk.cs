using System.Collections.Concurrent;

namespace ImageKit.Oci;

/// <summary>One copy: walks the graph, leaves first, each blob once, in bounded width.</summary>
internal sealed class GraphWalk : IDisposable
{
    private readonly IContentSource _source;
    private readonly IContentStore _target;
    private readonly TransferWidth _width;
    private readonly IProgress<TransferEvent>? _progress;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _stop; // the first failure stops the rest
    private readonly SemaphoreSlim _large, _small;
    private readonly ConcurrentDictionary<Digest, Lazy<Task>> _nodes = new();
    private long _bytes;
    private int _written, _skipped;

    public GraphWalk(IContentSource source, IContentStore target, TransferWidth width, IProgress<TransferEvent>? progress, CancellationToken cancel)
    {
        (_source, _target, _width, _progress, _caller) = (source, target, width, progress, cancel);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        (_large, _small) = (new(width.Large), new(width.Small));
    }

    public async Task<CopyResult> RunAsync(Descriptor root)
    {
        try
        {
            await NodeAsync(root, depth: 0).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_caller.IsCancellationRequested)
        {
            _caller.ThrowIfCancellationRequested(); // with the caller's token, not ours
        }
        return new(root, _bytes, _written, _skipped);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _large.Dispose();
        _small.Dispose();
    }

    private Task NodeAsync(Descriptor node, int depth) => _nodes.GetOrAdd(node.Digest, _ => new(() => CopyNodeAsync(node, depth))).Value;

    private async Task CopyNodeAsync(Descriptor node, int depth)
    {
        if (depth > GraphLimits.Depth || _nodes.Count > GraphLimits.Nodes) throw ContentFaults.GraphTooLarge();
        if (!MediaTypes.IsManifest(node.MediaType) && !MediaTypes.IsIndex(node.MediaType))
        {
            await PutAsync(node, document: null).ConfigureAwait(false);
            return;
        }
        if (_target.KeepsGraphsWhole && await HasAsync(node).ConfigureAwait(false))
        {
            Skip(node, TransferState.Skipped);
            return;
        }
        byte[] bytes = await ReadDocumentAsync(node).ConfigureAwait(false);
        await AllAsync([.. Children(node, bytes).Select(child => NodeAsync(child, depth + 1))]).ConfigureAwait(false);
        await PutAsync(node, bytes).ConfigureAwait(false);
    }

    private static IEnumerable<Descriptor> Children(Descriptor node, byte[] bytes)
    {
        if (MediaTypes.IsIndex(node.MediaType)) return Documents.ParseIndex(bytes, node).Value.Manifests;
        ImageManifest manifest = Documents.ParseManifest(bytes, node).Value;
        // Registries do not hold foreign layers; whoever runs the image fetches them from their URLs.
        return manifest.Layers.Where(layer => !MediaTypes.IsForeignLayer(layer.MediaType)).Prepend(manifest.Config);
    }

    // Fails with the first failure, after all have ended: nothing of this walk goes on behind the caller's back.
    private async Task AllAsync(Task[] tasks)
    {
        Task? first = null;
        await foreach (Task done in Task.WhenEach(tasks).ConfigureAwait(false))
        {
            if (done.IsCompletedSuccessfully || first is { IsFaulted: true }) continue;
            if (done.IsFaulted || first is null) first = done;
            await _stop.CancelAsync().ConfigureAwait(false);
        }
        if (first is not null) await first.ConfigureAwait(false);
    }

    private async Task<byte[]> ReadDocumentAsync(Descriptor node)
    {
        await _small.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            return await Documents.ReadBytesAsync(_source, node, Documents.MaxManifestBytes, _stop.Token).ConfigureAwait(false);
        }
        finally
        {
            _small.Release();
        }
    }

    private async Task PutAsync(Descriptor blob, byte[]? document)
    {
        SemaphoreSlim gate = blob.Size > _width.LargeBytes ? _large : _small;
        await gate.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            bool asked = document is not null && _target.KeepsGraphsWhole; // before its children were
            if (!asked && await HasAsync(blob).ConfigureAwait(false)) Skip(blob, TransferState.Skipped);
            else if (document is null && await _target.TryMountAsync(blob, Origin, _stop.Token).ConfigureAwait(false)) Skip(blob, TransferState.Mounted);
            else await MoveAsync(blob, document).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task MoveAsync(Descriptor blob, byte[]? document)
    {
        Report(blob, TransferState.Started, 0);
        while (true)
        {
            try
            {
                if (document is null) await _target.PutAsync(blob, _source, Moving(blob), _stop.Token).ConfigureAwait(false);
                else await _target.PutAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(document, writable: false)), _stop.Token).ConfigureAwait(false);
                break;
            }
            catch (ContentException error) when (error.Code is "IK1102" or "IK1103" && Origin.ReadElsewhere(blob))
            {
                // One of several places gave wrong bytes, and is left out now.
            }
        }
        Interlocked.Add(ref _bytes, blob.Size);
        Interlocked.Increment(ref _written);
        Report(blob, TransferState.Completed, blob.Size);
    }

    private IProgress<long>? Moving(Descriptor blob) => _progress is null ? null : new MovedBytes(blob, _progress);

    // What a target may mount from: it knows its own kind, not our wrapping.
    private IContentSource Origin => _source is OverlaidSource overlaid ? overlaid.Below : _source;

    private Task<bool> HasAsync(Descriptor blob) => _target.ContainsAsync(blob, _stop.Token);

    private void Skip(Descriptor blob, TransferState state)
    {
        Interlocked.Increment(ref _skipped);
        Report(blob, state, blob.Size);
    }

    private void Report(Descriptor blob, TransferState state, long bytes) => _progress?.Report(new(blob, state, bytes));

    /// <summary>Tells of one blob's bytes, on the thread that moved them.</summary>
    private sealed class MovedBytes(Descriptor blob, IProgress<TransferEvent> progress) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new(blob, TransferState.Moving, value));
    }
}
