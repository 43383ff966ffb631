namespace ImageKit.Oci;

/// <summary>The files of an image as one tar, without any image around them.</summary>
public static class ImageFiles
{
    /// <summary>Writes the merged files of all layers, each layer read once from front to back.</summary>
    /// <param name="image">The image.</param>
    /// <param name="store">Where layers are read into.</param>
    /// <param name="target">Takes the tar; stays open.</param>
    /// <param name="cancel">Stops the work; the tar is then unfinished.</param>
    /// <exception cref="ContentException">A layer cannot be read (IK11xx, IK12xx), or is not held by registries (IK1013).</exception>
    public static async Task WriteTarAsync(Image image, LayerStore store, Stream target, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(target);
        var merge = new LayerMerge(store, image.Source, await image.GetLayersAsync(cancel).ConfigureAwait(false));
        await using (merge.ConfigureAwait(false))
        {
            TarWriter tar = new(target, leaveOpen: true);
            await using (tar.ConfigureAwait(false))
            {
                foreach (LayerItem item in await merge.MergeAsync(0, cancel).ConfigureAwait(false)) await WriteAsync(tar, item, cancel).ConfigureAwait(false);
                await tar.CompleteAsync(cancel).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask WriteAsync(TarWriter tar, LayerItem item, CancellationToken cancel)
    {
        if (item.Origin is null || item.Entry.Size == 0)
        {
            await tar.WriteAsync(item.Entry, cancel: cancel).ConfigureAwait(false);
            return;
        }
        Stream content = await item.Origin.OpenAsync(item.SourceEntry, cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false)) await tar.WriteAsync(item.Entry, content, cancel).ConfigureAwait(false);
    }
}
