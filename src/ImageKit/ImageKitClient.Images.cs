using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Resolving;

namespace ImageKit;

/// <content>What is in the store.</content>
public sealed partial class ImageKitClient
{
    /// <summary>The images of the store, one entry a name, sorted by name.</summary>
    public async Task<ImmutableArray<StoredImage>> ListImagesAsync(CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        StoreImages images = new(stores);
        var list = ImmutableArray.CreateBuilder<StoredImage>();
        foreach (StoredTag tag in await images.ListAsync(cancel).ConfigureAwait(false))
            list.Add(await DescribeAsync(stores, images, tag, cancel).ConfigureAwait(false));
        return list.ToImmutable();
    }

    /// <summary>Shows one image of the store.</summary>
    /// <param name="name">A name, a digest, or the beginning of the digest of a manifest or configuration (4 hex digits or more).</param>
    /// <param name="platform">Which platform of an index; null for this machine's, else the first.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public async Task<ImageInspection> InspectAsync(string name, Platform? platform = null, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        StoreImages images = new(stores);
        Descriptor root = await images.FindAsync(name, cancel).ConfigureAwait(false);
        Descriptor descriptor = await images.ManifestAsync(root, platform, cancel).ConfigureAwait(false);
        Document<ImageManifest> manifest = await Documents.ReadManifestAsync(stores.Images, descriptor, cancel).ConfigureAwait(false);
        Document<ImageConfig> config = await Documents.ReadConfigAsync(stores.Images, manifest.Value.Config, cancel).ConfigureAwait(false);
        return new()
        {
            Names = await images.NamesOfAsync(root.Digest, cancel).ConfigureAwait(false),
            Root = root,
            ManifestDescriptor = descriptor,
            Manifest = manifest.Value,
            Config = config.Value,
            RawRoot = await Documents.ReadBytesAsync(stores.Images, root, cancel: cancel).ConfigureAwait(false),
            RawConfig = config.Bytes,
            Added = stores.AddedAt(root.Digest),
        };
    }

    /// <summary>The history of an image of the store, oldest first, as its configuration has it.</summary>
    /// <inheritdoc cref="InspectAsync" path="/param"/>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public async Task<ImmutableArray<HistoryLine>> HistoryAsync(string name, Platform? platform = null, CancellationToken cancel = default)
    {
        ImageInspection image = await InspectAsync(name, platform, cancel).ConfigureAwait(false);
        Queue<Descriptor> layers = new(image.Manifest.Layers);
        return
        [
            .. (image.Config.History ?? []).Select(entry => entry.EmptyLayer != true && layers.TryDequeue(out Descriptor? layer)
                ? new HistoryLine(entry, layer, layer.Size) : new HistoryLine(entry, null, 0)),
        ];
    }

    /// <summary>Gives an image of the store another name.</summary>
    /// <param name="source">The image, as for <see cref="InspectAsync"/>.</param>
    /// <param name="target">The new name; what had it before loses it.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020), or the name is none (IK4021).</exception>
    public async Task TagAsync(string source, string target, CancellationToken cancel = default)
    {
        ImageReference reference = References.Parse(target).TagOrLatest;
        if (reference.Digest is not null) throw new ImageKitException("IK4021", $"'{target}' cannot be given as a name.", "A digest follows from the content.", "Write a name and a tag.");
        using Stores stores = Stores.Open(Home);
        Descriptor root = await new StoreImages(stores).FindAsync(source, cancel).ConfigureAwait(false);
        await stores.Images.TagAsync(reference.ToString(), root, cancel).ConfigureAwait(false);
    }

    /// <summary>Takes a name away. What no name refers to any more is deleted by <see cref="PruneAsync"/>.</summary>
    /// <param name="name">A name, or a digest: then all names of it go, if there are several only with <paramref name="force"/>.</param>
    /// <param name="force">Whether several names may go.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020), or it has several names (IK4022).</exception>
    public async Task<RemoveResult> RemoveAsync(string name, bool force = false, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        StoreImages images = new(stores);
        Descriptor root = await images.FindAsync(name, cancel).ConfigureAwait(false);
        ImmutableArray<ImageReference> names = await images.NamesOfAsync(root.Digest, cancel).ConfigureAwait(false);
        string? asked = ImageReference.TryParse(name, out ImageReference? reference) ? reference.TagOrLatest.ToString() : null;
        ImmutableArray<string> going = names.Any(known => known.ToString() == asked) ? [asked!] : [.. names.Select(known => known.ToString())];
        if (going.Length > 1 && !force) throw new ImageKitException("IK4022", $"The image {name} has {going.Length} names: {string.Join(", ", names.Select(known => known.Familiar))}.",
            "All of them would go.", "Name one of them, or force it.");
        foreach (string gone in going) await stores.Images.UntagAsync(gone, cancel).ConfigureAwait(false);
        // Without a name left, its documents go at once; what they point to waits for a prune, as other images may share it.
        bool deleted = going.Length == names.Length && await DeleteAsync(stores, images, root, cancel).ConfigureAwait(false);
        return new(going, deleted ? [root.Digest] : []);
    }

    /// <summary>A view of an image: of the store, else of its registry.</summary>
    /// <param name="name">The name.</param>
    /// <param name="platform">Which platform of an index; null for this machine's.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="BuildException">It is nowhere (IK4034).</exception>
    public async Task<Image> GetImageAsync(string name, Platform? platform = null, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        if (await new StoreImages(stores).TryFindAsync(name, cancel).ConfigureAwait(false) is { } root)
            return new(stores.Images, await new StoreImages(stores).ManifestAsync(root, platform, cancel).ConfigureAwait(false));
        ImageFinder finder = new(stores.Images, Registry, stores.Names, askAgain: false);
        FoundImage found = await finder.FindAsync(References.Parse(name), platform ?? Platform.Local, cancel).ConfigureAwait(false);
        return new(found.Source, found.Manifest.Descriptor);
    }

    /// <summary>A view of all images behind a name, one a platform: of the store, else of its registry.</summary>
    /// <param name="name">The name, of an index or of a single image.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">It is nowhere (IK4034).</exception>
    /// <exception cref="RegistryException">The registry refuses it or fails.</exception>
    public async Task<ImageIndex> GetIndexAsync(string name, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        if (await new StoreImages(stores).TryFindAsync(name, cancel).ConfigureAwait(false) is { } root)
            return new(stores.Images, root);
        ImageReference reference = References.Parse(name).TagOrLatest;
        RegistryRepository repository = Registry.Repository(reference);
        return new(repository, await ResolveAsync(repository, reference, cancel).ConfigureAwait(false));
    }

    private static async Task<bool> DeleteAsync(Stores stores, StoreImages images, Descriptor root, CancellationToken cancel)
    {
        bool isPart = false;
        foreach (StoredTag tag in await images.ListAsync(cancel).ConfigureAwait(false))
            isPart |= tag.Root.Digest == root.Digest || (await images.ManifestsAsync(tag.Root, cancel).ConfigureAwait(false)).Any(manifest => manifest.Digest == root.Digest);
        if (isPart) return false;
        await stores.Images.DeleteAsync(root.Digest, cancel: cancel).ConfigureAwait(false);
        return true;
    }

    private static async Task<StoredImage> DescribeAsync(Stores stores, StoreImages images, StoredTag tag, CancellationToken cancel)
    {
        var platforms = ImmutableArray.CreateBuilder<Platform>();
        Digest id = tag.Root.Digest;
        Dictionary<Digest, long> sizes = [];
        Descriptor chosen = await images.ManifestAsync(tag.Root, null, cancel).ConfigureAwait(false);
        foreach (Descriptor descriptor in await images.ManifestsAsync(tag.Root, cancel).ConfigureAwait(false))
        {
            ImageManifest manifest = (await Documents.ReadManifestAsync(stores.Images, descriptor, cancel).ConfigureAwait(false)).Value;
            foreach (Descriptor blob in manifest.Layers.Add(manifest.Config)) sizes[blob.Digest] = blob.Size;
            if (descriptor.Digest == chosen.Digest) id = manifest.Config.Digest;
            ImageConfig config = (await Documents.ReadConfigAsync(stores.Images, manifest.Config, cancel).ConfigureAwait(false)).Value;
            platforms.Add(new() { Os = config.Os, Architecture = config.Architecture, Variant = config.Variant, OsVersion = config.OsVersion });
        }
        return new()
        {
            Name = ImageReference.TryParse(tag.Name, out ImageReference? name) ? name : null,
            Root = tag.Root,
            Id = id,
            Platforms = platforms.ToImmutable(),
            Added = stores.AddedAt(tag.Root.Digest),
            Size = sizes.Values.Sum(),
        };
    }
}
