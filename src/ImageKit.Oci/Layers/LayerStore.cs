namespace ImageKit.Oci;

/// <summary>
/// All layers known here, by diffID, each in up to three forms: a compressed blob (in the image store), an uncompressed tar, unpacked
/// directories. Forms are made from each other when asked for, once. Usable by many threads and processes at once.
/// </summary>
public sealed class LayerStore : IDisposable
{
    /// <summary>Opens the store, making its directory if need be.</summary>
    /// <param name="layersDirectory">Where tables of contents, tars and unpacked directories lie.</param>
    /// <param name="images">Where compressed blobs lie; stays the caller's.</param>
    /// <exception cref="ContentException">The directory cannot be made (IK1003).</exception>
    public static LayerStore Open(string layersDirectory, LayoutStore images) => throw new NotSupportedException();

    /// <summary>Where the store is.</summary>
    public string Directory => throw new NotSupportedException();

    /// <summary>The store of the compressed blobs.</summary>
    public LayoutStore Images => throw new NotSupportedException();

    /// <summary>The layer, or null if it is not here or none of its forms is whole.</summary>
    public ValueTask<Layer?> FindAsync(Digest diffId, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Takes a layer in from its blob, in one pass: verifies it, keeps it in the image store, and makes the table of contents.</summary>
    /// <param name="blob">The blob as the manifest names it.</param>
    /// <param name="diffId">The diffID that the image's configuration promises.</param>
    /// <param name="source">Where the blob is, if the image store has it not.</param>
    /// <param name="keepTar">Keeps the uncompressed tar as well.</param>
    /// <param name="cancel">Stops the work; nothing is left behind.</param>
    /// <returns>The layer; at once if it is here already.</returns>
    /// <exception cref="ContentException">The blob is missing or broken (IK1101 to IK1103), of another content than promised (IK1106) or no layer (IK12xx).</exception>
    public Task<Layer> ImportAsync(Descriptor blob, Digest diffId, IContentSource source, bool keepTar = false, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    /// <summary>Writes a new layer in one pass over the files.</summary>
    /// <param name="items">Its entries, parents first, in the order of the tar; a hard link behind its file.</param>
    /// <param name="options">Which forms to make.</param>
    /// <param name="cancel">Stops the work; nothing is left behind.</param>
    /// <exception cref="ContentException">A file changed while it was read (IK1205), or the disk is full (IK1002).</exception>
    public Task<PendingLayer> WriteAsync(IEnumerable<LayerItem> items, LayerWriteOptions? options = null, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    /// <summary>The uncompressed tar, which seeks; made from the blob if need be. The caller disposes it.</summary>
    /// <exception cref="ContentException">The layer is not here (IK1207).</exception>
    public Task<FileStream> OpenTarAsync(Digest diffId, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>The layer's blob in this compression, made if there is none; a blob made by another codec is as good.</summary>
    /// <exception cref="ContentException">The layer is not here (IK1207), or the disk is full (IK1002).</exception>
    public Task<Descriptor> CompressAsync(Digest diffId, LayerCompression compression, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>A blob of the layer that the image store has, or null.</summary>
    /// <param name="diffId">The layer.</param>
    /// <param name="compression">Only a blob so compressed; null takes any, the one recorded first before others.</param>
    /// <param name="cancel">Stops the work.</param>
    public ValueTask<Descriptor?> FindBlobAsync(Digest diffId, LayerCompression? compression = null, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    /// <summary>Notes that a blob is this layer, compressed by somebody else.</summary>
    public Task RecordBlobAsync(Digest diffId, Descriptor blob, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Where the bytes of the layer's files come from: its tar, made from the blob when first asked for.</summary>
    public ContentOrigin Origin(Digest diffId) => throw new NotSupportedException();

    /// <summary>Where the layer's forms lie on disk.</summary>
    public LayerPaths Paths(Digest diffId) => throw new NotSupportedException();

    /// <summary>Closes the files that origins keep open.</summary>
    public void Dispose()
    {
    }
}
