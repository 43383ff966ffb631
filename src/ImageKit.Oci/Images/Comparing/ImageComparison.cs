using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Compares two images: what they say of themselves, their layers, and the files that a container of them would see.</summary>
public static class ImageComparison
{
    /// <summary>Compares two images. Layers are read only where their content differs; nothing is unpacked.</summary>
    /// <param name="before">The first image.</param>
    /// <param name="after">The second image.</param>
    /// <param name="layers">Where layers are read into.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">An image cannot be read (IK1005, IK11xx, IK12xx).</exception>
    public static async Task<ImageDifference> CompareAsync(Image before, Image after, LayerStore layers, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(layers);
        ImmutableArray<ImageLayer> old = await before.GetLayersAsync(cancel).ConfigureAwait(false), now = await after.GetLayersAsync(cancel).ConfigureAwait(false);
        int shared = old.Zip(now).TakeWhile(pair => pair.First.DiffId == pair.Second.DiffId).Count();
        bool same = shared == old.Length && shared == now.Length;
        return new()
        {
            Values = ValueComparison.Compare(await ValuesAsync(before, cancel).ConfigureAwait(false), await ValuesAsync(after, cancel).ConfigureAwait(false)),
            SharedLayers = shared,
            Removed = old[shared..],
            Added = now[shared..],
            Recompressed = [.. old.Zip(now).Take(shared).Where(pair => pair.First.Blob.Digest != pair.Second.Blob.Digest).Select(pair => (pair.First.Blob, pair.Second.Blob))],
            Files = same ? [] : await FilesAsync(before, after, shared, layers, cancel).ConfigureAwait(false),
        };
    }

    private static async Task<SortedDictionary<string, string>> ValuesAsync(Image image, CancellationToken cancel)
    {
        byte[] manifest = await Documents.ReadBytesAsync(image.Source, image.Descriptor, Documents.MaxManifestBytes, cancel).ConfigureAwait(false);
        Descriptor config = (await image.GetManifestAsync(cancel).ConfigureAwait(false)).Config;
        return ValueComparison.List(manifest, await Documents.ReadBytesAsync(image.Source, config, Documents.MaxConfigBytes, cancel).ConfigureAwait(false));
    }

    // Nodes of the layers that both have are one and the same object in both trees: they are not looked into.
    private static async Task<ImmutableArray<FileChange>> FilesAsync(Image before, Image after, int shared, LayerStore store, CancellationToken cancel)
    {
        ImmutableArray<ImageLayer> old = await before.GetLayersAsync(cancel).ConfigureAwait(false), now = await after.GetLayersAsync(cancel).ConfigureAwait(false);
        Tree below = await StackAsync(Tree.Empty, before, old[..shared], store, cancel).ConfigureAwait(false);
        Tree first = await StackAsync(below, before, old[shared..], store, cancel).ConfigureAwait(false);
        Tree second = await StackAsync(below, after, now[shared..], store, cancel).ConfigureAwait(false);
        return TreeComparison.Compare(first, second);
    }

    private static async Task<Tree> StackAsync(Tree tree, Image image, ImmutableArray<ImageLayer> layers, LayerStore store, CancellationToken cancel)
    {
        foreach (ImageLayer layer in layers)
        {
            Layer known = await store.ImportAsync(EditFaults.Held(layer.Blob), layer.DiffId, image.Source, cancel: cancel).ConfigureAwait(false);
            tree = tree.Apply(known.Toc, store.Origin(layer.DiffId));
        }
        return tree;
    }
}
