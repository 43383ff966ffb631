using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Resolving;

namespace ImageKit.Editing;

/// <summary>Finds images and indexes by name: in the store, else in the registry, or in a layout. Layers are left where they are.</summary>
internal sealed class ImageRoots(Stores stores, RegistryClient registry, bool askAgain, Platform? platform = null)
{
    /// <summary>What a name points to; `scratch` is the image without layers. Blobs that the store has are read there.</summary>
    /// <exception cref="ImageKitException">It is nowhere (IK4034), or no name (IK4021).</exception>
    /// <exception cref="RegistryException">The registry cannot be asked, or refuses.</exception>
    public async Task<ImageRoot> FindAsync(string name, CancellationToken cancel)
    {
        if (name == "scratch") return ImageRoot.Of(Image.Empty(platform ?? Platform.Local));
        (IContentStore place, Descriptor root) = await FindPlaceAsync(name, cancel).ConfigureAwait(false);
        return new(place is RegistryRepository repository ? CombinedSource.Of(stores.Images, repository) : place, root);
    }

    /// <summary>What a name points to, and the one place where all of it is: the store, a layout or a repository.</summary>
    /// <exception cref="ImageKitException">It is nowhere (IK4034), or no name (IK4021).</exception>
    /// <exception cref="RegistryException">The registry cannot be asked, or refuses.</exception>
    public async Task<(IContentStore Place, Descriptor Root)> FindPlaceAsync(string name, CancellationToken cancel)
    {
        if (LayoutPlace.Is(name)) return Known(await LayoutPlace.Parse(name).FindAsync(cancel).ConfigureAwait(false));
        if (!askAgain && await new StoreImages(stores).TryFindAsync(name, cancel).ConfigureAwait(false) is { } stored) return Known((stores.Images, stored));
        ImageReference reference = References.Parse(name).TagOrLatest;
        RegistryRepository repository = registry.Repository(reference);
        Descriptor root = await RemoteLookup.FindAsync(registry, repository, reference, alsoStore: !askAgain, cancel).ConfigureAwait(false);
        return (repository, root);
    }

    /// <summary>The image of a root for a platform.</summary>
    public static async Task<Image> OfAsync(ImageRoot root, Platform platform, CancellationToken cancel) => root.IsIndex
        ? await new ImageIndex(root.Source, root.Descriptor).GetImageAsync(platform, cancel).ConfigureAwait(false) : new(root.Source, root.Descriptor);

    /// <summary>What an image says of its base, as a name.</summary>
    /// <remarks>The tag may point elsewhere by now; the digest is what the image was built on.</remarks>
    public static string Pinned(BaseName said)
    {
        ImageReference reference = References.Parse(said.Name);
        return $"{reference.Registry}/{reference.Repository}@{said.Digest}";
    }

    // Layouts may list anything.
    private static (IContentStore, Descriptor) Known((IContentStore, Descriptor Root) found) => MediaTypes.IsManifest(found.Root.MediaType) || MediaTypes.IsIndex(found.Root.MediaType) ? found
        : throw new ImageKitException("IK1012", $"{found.Root.Digest} is neither an image nor an index.", $"It is a '{found.Root.MediaType}'.", "Name an image.");
}
