using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Reads single files of an image. Of eStargz and zstd:chunked layers the table of contents and the file are fetched by ranges; others are read into the store.</summary>
public static class ImageFileReading
{
    /// <summary>Opens a file as a program in the image would: links are followed, deletions of upper layers count. Layers are looked at from the top, and no further than needed.</summary>
    /// <param name="image">The image.</param>
    /// <param name="store">Where layers that cannot be read by ranges are read into.</param>
    /// <param name="path">The file, absolute in the image.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Its bytes, proven by the layer's or the file's digest; the caller disposes the stream, before the store.</returns>
    /// <exception cref="ContentException">There is no such file (IK1019), or a layer cannot be read.</exception>
    public static async Task<Stream> OpenFileAsync(Image image, LayerStore store, string path, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImmutableArray<ImageLayer> layers = await image.GetLayersAsync(cancel).ConfigureAwait(false);
        List<IReadOnlyList<LayerItem>> read = [];
        TreeResolution found = default;
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            read.Insert(0, await ItemsAsync(image.Source, store, layers[i], cancel).ConfigureAwait(false));
            if (!TryResolve(read, path, out found) || found.Node is not { IsDirectory: false } node) continue; // what lies below may have it
            if (node.Entry.Kind != EntryKind.File) break;
            return node.Entry.Size == 0 ? new MemoryStream([]) : await node.Origin!.OpenAsync(node.SourceEntry, cancel).ConfigureAwait(false);
        }
        throw new ContentException("IK1019", $"The image has no file '{path}'.", found.Node is null ? "No layer has it, or an upper one deletes it." : "It is there, but it is no regular file.", "Check the path; it is that of the image's root.");
    }

    // A hard link may name a file of a layer that was not looked at yet.
    private static bool TryResolve(List<IReadOnlyList<LayerItem>> layers, string path, out TreeResolution found)
    {
        try
        {
            found = layers.Aggregate(Tree.Empty, (tree, items) => tree.Apply(items)).Resolve(path);
            return true;
        }
        catch (ContentException e) when (e.Code == "IK1211")
        {
            found = default;
            return false;
        }
    }

    private static async Task<IReadOnlyList<LayerItem>> ItemsAsync(IContentSource source, LayerStore store, ImageLayer layer, CancellationToken cancel)
    {
        if (SeekableLayer.Is(layer.Blob) && await store.FindAsync(layer.DiffId, cancel).ConfigureAwait(false) is null)
            return (await SeekableLayer.OpenAsync(source, layer.Blob, cancel).ConfigureAwait(false)).Items;
        Layer known = await store.ImportAsync(EditFaults.Held(layer.Blob), layer.DiffId, source, cancel: cancel).ConfigureAwait(false);
        return [.. known.Toc.Entries.Select(entry => new LayerItem(entry, store.Origin(layer.DiffId)))];
    }
}
