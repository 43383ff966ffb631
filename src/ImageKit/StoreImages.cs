using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>Looks images up in the store, by name, digest or the beginning of a digest.</summary>
internal sealed class StoreImages(Stores stores)
{
    private const int ShortestPrefix = 4;

    /// <summary>All entries of the store with a full name, sorted; nameless ones last.</summary>
    public async Task<ImmutableArray<StoredTag>> ListAsync(CancellationToken cancel) =>
        [.. (await stores.Images.ListAsync(cancel).ConfigureAwait(false)).OrderBy(tag => tag.Name is null).ThenBy(tag => tag.Name, StringComparer.Ordinal)];

    /// <summary>What a name, a digest or the beginning of one means; null if nothing.</summary>
    public async Task<Descriptor?> TryFindAsync(string name, CancellationToken cancel)
    {
        // By its grammar `app:1` is a digest as well, of an algorithm `app`: only those that can be verified count.
        if (Digest.TryParse(name, out Digest digest) && digest.CanVerify && await ByDigestAsync(digest, cancel).ConfigureAwait(false) is { } exact) return exact;
        if (ImageReference.TryParse(name, out ImageReference? reference))
        {
            string canonical = reference.TagOrLatest.ToString();
            if (await stores.Images.ResolveAsync(canonical, cancel).ConfigureAwait(false) is { } named) return named;
            if (reference.Digest is { } pinned && await ByDigestAsync(pinned, cancel).ConfigureAwait(false) is { } stored) return stored;
        }
        string prefix = name.StartsWith("sha256:", StringComparison.Ordinal) ? name[7..] : name;
        return prefix.Length >= ShortestPrefix && prefix.All(char.IsAsciiHexDigitLower) ? await ByPrefixAsync(prefix, cancel).ConfigureAwait(false) : null;
    }

    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public async Task<Descriptor> FindAsync(string name, CancellationToken cancel)
    {
        if (await TryFindAsync(name, cancel).ConfigureAwait(false) is { } found) return found;
        string last = name.Split(':', '@')[0].Split('/')[^1];
        string? near = (await ListAsync(cancel).ConfigureAwait(false)).Select(tag => tag.Name).OfType<string>()
            .FirstOrDefault(other => last.Length > 1 && other.Contains(last, StringComparison.OrdinalIgnoreCase));
        throw new ImageKitException("IK4020", $"No such image: {name}.", "The store has no image of that name or digest.",
            near is null ? "See 'imagekit images', or pull it." : $"The store has '{ImageReference.Parse(near).Familiar}'. Did you mean that?");
    }

    /// <summary>The names that point at a manifest or index.</summary>
    public async Task<ImmutableArray<ImageReference>> NamesOfAsync(Digest root, CancellationToken cancel)
    {
        ImmutableArray<StoredTag> all = await ListAsync(cancel).ConfigureAwait(false);
        return [.. all.Where(tag => tag.Root.Digest == root && tag.Name is not null).Select(tag => ImageReference.TryParse(tag.Name, out ImageReference? name) ? name : null).OfType<ImageReference>()];
    }

    /// <summary>The manifests below a root that are images, with their platforms.</summary>
    public async Task<ImmutableArray<Descriptor>> ManifestsAsync(Descriptor root, CancellationToken cancel)
    {
        if (!MediaTypes.IsIndex(root.MediaType)) return MediaTypes.IsManifest(root.MediaType) ? [root] : []; // a layout may list anything
        Document<IndexManifest> index = await Documents.ReadIndexAsync(stores.Images, root, cancel).ConfigureAwait(false);
        var images = ImmutableArray.CreateBuilder<Descriptor>();
        foreach (Descriptor entry in index.Value.Manifests.Where(entry => entry.Platform is not { Os: "unknown" }))
            if (await stores.Images.ContainsAsync(entry, cancel).ConfigureAwait(false)) images.Add(entry);
        return images.ToImmutable();
    }

    /// <summary>The manifest for a platform; null platform means this machine's, else the first.</summary>
    /// <exception cref="ContentException">There is none for the platform that was asked for (IK1008).</exception>
    public async Task<Descriptor> ManifestAsync(Descriptor root, Platform? platform, CancellationToken cancel)
    {
        if (!MediaTypes.IsIndex(root.MediaType)) return root;
        ImmutableArray<Descriptor> manifests = await ManifestsAsync(root, cancel).ConfigureAwait(false);
        IndexManifest here = new() { SchemaVersion = 2, Manifests = manifests };
        if (platform is not null || manifests.IsEmpty) return PlatformChoice.Find(here, platform ?? Platform.Local);
        return manifests.FirstOrDefault(entry => entry.Platform is { } own && Platform.Local.Accepts(own)) ?? manifests[0];
    }

    private async Task<Descriptor?> ByDigestAsync(Digest digest, CancellationToken cancel)
    {
        if (await stores.Images.ResolveAsync(digest.ToString(), cancel).ConfigureAwait(false) is { } root) return root;
        // What Docker calls an image's id is the digest of its configuration.
        return await ByPrefixAsync(digest.Encoded, cancel).ConfigureAwait(false);
    }

    private async Task<Descriptor?> ByPrefixAsync(string prefix, CancellationToken cancel)
    {
        ImmutableArray<StoredTag> all = await ListAsync(cancel).ConfigureAwait(false);
        if (all.FirstOrDefault(tag => tag.Root.Digest.Encoded.StartsWith(prefix, StringComparison.Ordinal)).Root is { } root) return root;
        foreach (StoredTag tag in all)
            foreach (Descriptor manifest in await ManifestsAsync(tag.Root, cancel).ConfigureAwait(false))
            {
                if (manifest.Digest.Encoded.StartsWith(prefix, StringComparison.Ordinal)) return manifest;
                Document<ImageManifest> read = await Documents.ReadManifestAsync(stores.Images, manifest, cancel).ConfigureAwait(false);
                if (read.Value.Config.Digest.Encoded.StartsWith(prefix, StringComparison.Ordinal)) return tag.Root;
            }
        foreach (StoredBlob blob in stores.Images.EnumerateBlobs().Where(blob => blob.Digest.Encoded.StartsWith(prefix, StringComparison.Ordinal)))
            if (await stores.Images.ResolveAsync(blob.Digest.ToString(), cancel).ConfigureAwait(false) is { } nameless) return nameless;
        return null;
    }
}
