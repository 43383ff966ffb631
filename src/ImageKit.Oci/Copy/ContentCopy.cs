namespace ImageKit.Oci;

/// <summary>The one way in which content moves: push, pull, save, load and mirror are all this walk.</summary>
public static class ContentCopy
{
    /// <summary>Copies a blob and all it points to, leaves first, skipping what <paramref name="target"/> has.</summary>
    /// <param name="source">Where to read.</param>
    /// <param name="target">Where to write.</param>
    /// <param name="root">A manifest, an index, or a single blob of <paramref name="source"/>.</param>
    /// <param name="options">Width and platforms.</param>
    /// <param name="progress">Told of every blob; called from several threads at once.</param>
    /// <param name="cancel">Stops the work; what arrived stays.</param>
    /// <exception cref="ContentException">
    /// A blob is missing (IK1101) or not of the size or digest promised (IK1102, IK1103), a document is refused (IK1005, IK1006, IK1105), the
    /// graph is too deep or wide (IK1007), or no image is for a platform asked for (IK1008).
    /// </exception>
    /// <remarks>May be called again after any failure: what arrived stays, nothing half-written can be seen.</remarks>
    public static async Task<CopyResult> CopyAsync(IContentSource source, IContentStore target, Descriptor root, CopyOptions? options = null,
        IProgress<TransferEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(root);
        options ??= new();
        if (options.Platforms.Length > 0 && MediaTypes.IsIndex(root.MediaType))
        {
            Document<IndexManifest> index = await Documents.ReadIndexAsync(source, root, cancel).ConfigureAwait(false);
            (root, Document<IndexManifest>? made) = PlatformChoice.Choose(index, options.Platforms);
            if (made is not null) source = new OverlaidSource(source, made);
        }
        using var walk = new GraphWalk(source, target, options.Width, progress, cancel);
        return await walk.RunAsync(root).ConfigureAwait(false);
    }
}
