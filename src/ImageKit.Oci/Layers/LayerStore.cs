using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace ImageKit.Oci;

/// <summary>
/// All layers known here, by diffID, each in up to three forms: a compressed blob (in the image store), an uncompressed tar, unpacked
/// directories. Forms are made from each other when asked for, once. Usable by many threads and processes at once.
/// </summary>
public sealed class LayerStore : IDisposable
{
    private readonly LayerFiles _files;
    private readonly LayerForms _forms;
    private readonly ConcurrentDictionary<Digest, WeakReference<Layer>> _known = new();
    private readonly ConcurrentDictionary<Digest, TarOrigin> _origins = new();
    private readonly KeyedGate _gate = new();

    private LayerStore(string directory, LayoutStore images) => (Images, _files, _forms) = (images, new(directory), new(images, new(directory)));

    /// <summary>Where the store is, absolute.</summary>
    public string Directory => _files.Root;

    /// <summary>The store of the compressed blobs.</summary>
    public LayoutStore Images { get; }

    /// <summary>Opens the store, making its directory if need be, and sweeps what crashed writers left.</summary>
    /// <param name="layersDirectory">Where tables of contents, tars and unpacked directories lie.</param>
    /// <param name="images">Where compressed blobs lie; stays the caller's.</param>
    /// <exception cref="ContentException">The directory cannot be made (IK1002, IK1003).</exception>
    public static LayerStore Open(string layersDirectory, LayoutStore images)
    {
        var store = new LayerStore(Path.GetFullPath(layersDirectory), images);
        store._files.Prepare();
        return store;
    }

    /// <summary>The layer, or null if it is not here or none of its forms is whole. Being found counts as being used.</summary>
    public async ValueTask<Layer?> FindAsync(Digest diffId, CancellationToken cancel = default)
    {
        if (!diffId.CanVerify) return null;
        LayerPaths paths = Paths(diffId);
        if (await LoadAsync(diffId, paths, cancel).ConfigureAwait(false) is not { } layer) return null;
        bool whole = HasTar(layer) || await _forms.FindBlobAsync(diffId, null, cancel).ConfigureAwait(false) is not null;
        if (!whole) return null;
        LayerFiles.Touch(paths.Toc);
        return layer;
    }

    /// <summary>Takes a layer in from its blob, in one pass: verifies it, keeps it in the image store, and makes the table of contents.</summary>
    /// <param name="blob">The blob as the manifest names it.</param>
    /// <param name="diffId">The diffID that the image's configuration promises.</param>
    /// <param name="source">Where the blob is, if the image store has it not.</param>
    /// <param name="keepTar">Keeps the uncompressed tar as well.</param>
    /// <param name="cancel">Stops the work; nothing is left behind.</param>
    /// <returns>The layer; at once if it is here already, whatever blob it was made from.</returns>
    /// <exception cref="ContentException">The blob is missing or broken (IK1101 to IK1104, IK1208), of another content than promised (IK1106), or no layer (IK12xx).</exception>
    public async Task<Layer> ImportAsync(Descriptor blob, Digest diffId, IContentSource source, bool keepTar = false, CancellationToken cancel = default)
    {
        using IDisposable gate = await _gate.EnterAsync(diffId, cancel).ConfigureAwait(false);
        if (await FindAsync(diffId, cancel).ConfigureAwait(false) is { } known)
        {
            if (await Images.ContainsAsync(blob, cancel).ConfigureAwait(false)) Record(diffId, new(blob.MediaType, blob.Digest, blob.Size, null));
            return known;
        }
        return Remember(await _forms.ImportAsync(blob, diffId, source, keepTar, cancel).ConfigureAwait(false));
    }

    /// <summary>Writes a new layer in one pass over the files.</summary>
    /// <param name="items">Its entries, parents first, in the order of the tar; a hard link behind its file.</param>
    /// <param name="options">Which forms to make.</param>
    /// <param name="cancel">Stops the work; nothing is left behind.</param>
    /// <exception cref="ContentException">A file changed while it was read (IK1205), or the disk is full (IK1002).</exception>
    public Task<PendingLayer> WriteAsync(IEnumerable<LayerItem> items, LayerWriteOptions? options = null, CancellationToken cancel = default) =>
        // On the pool: for most files the work is synchronous, and the caller may have more to do meanwhile.
        Task.Run(() => _forms.WriteAsync(this, items, options ?? new(), cancel), cancel);

    /// <summary>Takes in a tar of which nothing is known. One compressed with gzip or zstd becomes the blob as it is; any other is compressed.</summary>
    /// <param name="tar">The tar, plain or compressed, read to its end and disposed.</param>
    /// <param name="compression">How a tar that is none of a layer's compressions is compressed.</param>
    /// <param name="cancel">Stops the work; nothing is left behind.</param>
    /// <exception cref="ContentException">It is no tar, or a broken one (IK12xx), or the disk is full (IK1002).</exception>
    public async Task<ImageLayer> AddAsync(Stream tar, LayerCompression compression = LayerCompression.Gzip, CancellationToken cancel = default)
    {
        (Layer layer, Descriptor? blob) = await _forms.AddAsync(tar, cancel).ConfigureAwait(false);
        Remember(layer);
        return new(blob ?? await CompressAsync(layer.DiffId, compression, cancel).ConfigureAwait(false), layer.DiffId);
    }

    /// <summary>The uncompressed tar, which seeks; made from the blob if need be. The caller disposes it.</summary>
    /// <exception cref="ContentException">The layer is not here (IK1207).</exception>
    public async Task<FileStream> OpenTarAsync(Digest diffId, CancellationToken cancel = default)
    {
        Layer layer = await GetAsync(diffId, cancel).ConfigureAwait(false);
        if (LayerFiles.OpenTar(Paths(diffId).Tar, layer.Toc.TarSize) is { } there) return there;
        using IDisposable gate = await _gate.EnterAsync(diffId, cancel).ConfigureAwait(false);
        if (LayerFiles.OpenTar(Paths(diffId).Tar, layer.Toc.TarSize) is { } made) return made;
        await _forms.MakeTarAsync(layer, cancel).ConfigureAwait(false);
        return LayerFiles.OpenTar(Paths(diffId).Tar, layer.Toc.TarSize) ?? throw LayerFaults.Missing(diffId);
    }

    /// <summary>The layer's blob in this compression, made if there is none; a blob made by another codec is as good.</summary>
    /// <exception cref="ContentException">The layer is not here (IK1207), or the disk is full (IK1002).</exception>
    public Task<Descriptor> CompressAsync(Digest diffId, LayerCompression compression, CancellationToken cancel = default) => CompressAsync(diffId, compression, anew: false, null, cancel);

    /// <summary>The same; <paramref name="anew"/> makes the blob even if there is one, and so does a <paramref name="level"/>.</summary>
    internal async Task<Descriptor> CompressAsync(Digest diffId, LayerCompression compression, bool anew, int? level, CancellationToken cancel)
    {
        using IDisposable gate = await _gate.EnterAsync(diffId, cancel).ConfigureAwait(false);
        if (!anew && level is null && await _forms.FindBlobAsync(diffId, compression, cancel).ConfigureAwait(false) is { } there) return there;
        return await _forms.CompressAsync(await GetAsync(diffId, cancel).ConfigureAwait(false), compression, level, cancel).ConfigureAwait(false);
    }

    /// <summary>A blob of the layer that the image store has, or null.</summary>
    /// <param name="diffId">The layer.</param>
    /// <param name="compression">Only a blob so compressed; null takes any, the one recorded first before others.</param>
    /// <param name="cancel">Stops the work.</param>
    public ValueTask<Descriptor?> FindBlobAsync(Digest diffId, LayerCompression? compression = null, CancellationToken cancel = default) =>
        _forms.FindBlobAsync(diffId, compression, cancel);

    /// <summary>Notes that a blob is this layer, compressed by somebody else.</summary>
    public Task RecordBlobAsync(Digest diffId, Descriptor blob, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        Record(diffId, new(blob.MediaType, blob.Digest, blob.Size, null));
        return Task.CompletedTask;
    }

    /// <summary>Where the bytes of the layer's files come from: its tar, made from the blob when first asked for. Good until this store is disposed.</summary>
    public ContentOrigin Origin(Digest diffId) => _origins.GetOrAdd(diffId, (id, store) => new TarOrigin(store, id), this);

    /// <summary>Where the layer's forms lie on disk.</summary>
    public LayerPaths Paths(Digest diffId) => _files.Of(diffId);

    /// <summary>Closes the files that origins keep open.</summary>
    public void Dispose()
    {
        foreach (TarOrigin origin in _origins.Values) origin.Dispose();
        _origins.Clear();
        _known.Clear();
    }

    /// <summary>The uncompressed tar from its first byte on, without keeping it on disk.</summary>
    /// <exception cref="ContentException">The layer is not here (IK1207).</exception>
    internal async Task<Stream> OpenPlainAsync(Digest diffId, CancellationToken cancel) =>
        await _forms.OpenPlainAsync(await GetAsync(diffId, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);

    /// <summary>Fetches a blob into the image store, and makes the table of contents while it arrives.</summary>
    /// <returns>The diffID; null if the blob was here, or is no layer.</returns>
    internal async Task<Digest?> TakeAsync(Descriptor blob, IContentSource source, IProgress<long>? moved, CancellationToken cancel)
    {
        var watch = new LayerWatch(cancel);
        await using ConfiguredAsyncDisposable watchDone = watch.ConfigureAwait(false);
        await Images.PutAsync(blob, source, moved, watch, cancel).ConfigureAwait(false);
        if (await watch.EndAsync().ConfigureAwait(false) is not { } toc) return null;
        if (SeekableLayer.Is(blob)) await SeekableCheck.AgreeAsync(Images, blob, toc, cancel).ConfigureAwait(false);
        var layer = new Layer(toc.DiffId, toc);
        if (!File.Exists(Paths(toc.DiffId).Toc)) _forms.Keep(layer, null);
        Record(toc.DiffId, new(blob.MediaType, blob.Digest, blob.Size, null));
        Remember(layer);
        return toc.DiffId;
    }

    /// <summary>Writes a layer with its blob and keeps both.</summary>
    internal async Task<ImageLayer> WriteLayerAsync(IEnumerable<LayerItem> items, LayerCompression compression, CancellationToken cancel)
    {
        PendingLayer pending = await WriteAsync(items, new() { Compression = compression }, cancel).ConfigureAwait(false);
        await using (pending.ConfigureAwait(false))
        {
            await pending.CommitAsync(cancel).ConfigureAwait(false);
            return new(pending.Blob!, pending.Layer.DiffId);
        }
    }

    /// <summary>Puts a written layer in its place.</summary>
    internal async Task CommitAsync(Layer layer, FileStream? tar, LayerBlob? blob, CancellationToken cancel)
    {
        using IDisposable gate = await _gate.EnterAsync(layer.DiffId, cancel).ConfigureAwait(false);
        _forms.Keep(layer, tar);
        if (blob is not null) Record(layer.DiffId, blob);
        Remember(layer);
    }

    private void Record(Digest diffId, LayerBlob blob) => _forms.Record(diffId, blob);

    private bool HasTar(Layer layer) => new FileInfo(Paths(layer.DiffId).Tar) is { Exists: true } tar && tar.Length == layer.Toc.TarSize;

    private Layer Remember(Layer layer)
    {
        _known[layer.DiffId] = new(layer);
        return layer;
    }

    // From memory, from disk, or, where the table of contents is gone or torn, from a form that is left.
    private async ValueTask<Layer?> LoadAsync(Digest diffId, LayerPaths paths, CancellationToken cancel)
    {
        if (_known.TryGetValue(diffId, out WeakReference<Layer>? weak) && weak.TryGetTarget(out Layer? known) && File.Exists(paths.Toc)) return known;
        byte[]? bytes = LayerFiles.Read(paths.Toc);
        if (bytes is not null && TocFormat.Read(bytes) is { } toc && toc.DiffId == diffId) return Remember(new(diffId, toc));
        return await _forms.RemakeAsync(diffId, cancel).ConfigureAwait(false) is { } remade ? Remember(remade) : null;
    }

    private async ValueTask<Layer> GetAsync(Digest diffId, CancellationToken cancel) => await FindAsync(diffId, cancel).ConfigureAwait(false) ?? throw LayerFaults.Missing(diffId);
}
