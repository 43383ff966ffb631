using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Changes all images below a name, and the index above them with it.</summary>
public static class RootEditing
{
    /// <summary>Edits an image, or each image of an index; in the index, each keeps its place, its annotations and, unless it changes, its platform.</summary>
    /// <param name="root">The image or index.</param>
    /// <param name="edit">Makes another image of one; gives back the same where nothing changes.</param>
    /// <param name="store">Takes the new index.</param>
    /// <param name="options">Platforms and attestations.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The new root; the same one, with the same digest, if nothing changed.</returns>
    /// <exception cref="ContentException">A manifest is no image (IK1012), no image is for a platform asked for (IK1008), or reading or writing fails.</exception>
    public static async Task<EditedRoot> EditAsync(ImageRoot root, Func<Image, CancellationToken, Task<Image>> edit, IContentStore store, RootEditOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(edit);
        ArgumentNullException.ThrowIfNull(store);
        options ??= new();
        root = await ChooseAsync(root, options.Platforms, cancel).ConfigureAwait(false);
        return root.IsIndex ? await new IndexEditing(root, edit, store, options).RunAsync(cancel).ConfigureAwait(false)
            : new(ImageRoot.Of(await EditOneAsync(root.Source, root.Descriptor, edit, cancel).ConfigureAwait(false)), []);
    }

    /// <summary>The root that holds some platforms alone: one platform's image, or a smaller index, with the attestations that belong to them.</summary>
    /// <exception cref="ContentException">None is for a platform that was asked for (IK1008).</exception>
    public static async Task<ImageRoot> ChooseAsync(ImageRoot root, ImmutableArray<Platform> platforms, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (platforms.IsDefaultOrEmpty || !root.IsIndex) return root;
        Document<IndexManifest> index = await Documents.ReadIndexAsync(root.Source, root.Descriptor, cancel).ConfigureAwait(false);
        (Descriptor chosen, Document<IndexManifest>? made) = PlatformChoice.Choose(index, platforms);
        if (made is null) return root with { Descriptor = chosen };
        MemoryStore memory = new();
        await made.PutAsync(memory, cancel).ConfigureAwait(false);
        return new(CombinedSource.Of(memory, root.Source), chosen);
    }

    internal static async Task<Image> EditOneAsync(IContentSource source, Descriptor manifest, Func<Image, CancellationToken, Task<Image>> edit, CancellationToken cancel)
    {
        Image image = new(source, manifest);
        ImageManifest read = await image.GetManifestAsync(cancel).ConfigureAwait(false);
        if (!MediaTypes.IsConfig(read.Config.MediaType)) throw EditFaults.NoImage(manifest, $"Its configuration is of the type {read.Config.MediaType}.");
        return await edit(image, cancel).ConfigureAwait(false);
    }
}

/// <summary>How the images below a name are edited.</summary>
public sealed record RootEditOptions
{
    /// <summary>The platforms that the result is to have; empty for all. One platform makes an image of it, several an index.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];

    /// <summary>
    /// Whether attestations (provenance, bills of materials) of images that change stay in the index, pointing at the new images. They then speak of the
    /// image from before the edit, so they are left out otherwise.
    /// </summary>
    public bool KeepAttestations { get; init; }

    /// <summary>The media type of the index; null for OCI's where anything changes.</summary>
    public string? IndexMediaType { get; init; }
}

/// <summary>What an edit made.</summary>
/// <param name="Root">The new root.</param>
/// <param name="Dropped">Attestations that were left out, as their images changed.</param>
public sealed record EditedRoot(ImageRoot Root, ImmutableArray<Descriptor> Dropped);
