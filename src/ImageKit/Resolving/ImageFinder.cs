using System.Security.Cryptography;
using System.Text;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Resolving;

/// <summary>Finds images by name: in the store, else in the registry, whose answer is remembered. Layers are left where they are.</summary>
internal sealed class ImageFinder(LayoutStore store, RegistryClient registry, string memo, bool askAgain)
{
    /// <exception cref="BuildException">It is nowhere (IK4034).</exception>
    /// <exception cref="RegistryException">The registry cannot be asked, or refuses.</exception>
    public async Task<FoundImage> FindAsync(ImageReference reference, Platform platform, CancellationToken cancel)
    {
        reference = reference.TagOrLatest;
        FallbackSource source = new(store, registry.Repository(reference));
        Descriptor root = await RootAsync(reference, source, cancel).ConfigureAwait(false);
        return await ReadAsync(root, platform, source, reference.ToString(), reference, cancel).ConfigureAwait(false);
    }

    /// <summary>Reads the manifest and configuration for a platform, and keeps both in the store.</summary>
    public async Task<FoundImage> ReadAsync(Descriptor root, Platform platform, IContentSource source, string display, ImageReference? reference, CancellationToken cancel)
    {
        Descriptor descriptor = root;
        if (MediaTypes.IsIndex(root.MediaType))
        {
            Document<IndexManifest> index = await Documents.ReadIndexAsync(source, root, cancel).ConfigureAwait(false);
            descriptor = PlatformChoice.Find(index.Value, platform);
            await index.PutAsync(store, cancel).ConfigureAwait(false);
        }
        Document<ImageManifest> manifest = await Documents.ReadManifestAsync(source, descriptor, cancel).ConfigureAwait(false);
        Document<ImageConfig> config = await Documents.ReadConfigAsync(source, manifest.Value.Config, cancel).ConfigureAwait(false);
        await manifest.PutAsync(store, cancel).ConfigureAwait(false);
        await config.PutAsync(store, cancel).ConfigureAwait(false);
        return new(root, manifest, config, source, display, reference);
    }

    private async Task<Descriptor> RootAsync(ImageReference reference, FallbackSource source, CancellationToken cancel)
    {
        if (!askAgain && await KnownAsync(reference, cancel).ConfigureAwait(false) is { } known) return known;
        Descriptor root = await AskAsync(reference, cancel).ConfigureAwait(false);
        Remember(reference, root);
        return root;
    }

    private async Task<Descriptor?> KnownAsync(ImageReference reference, CancellationToken cancel)
    {
        if (await store.ResolveAsync(reference.ToString(), cancel).ConfigureAwait(false) is { } named) return named;
        if (reference.Digest is { } digest && await store.ResolveAsync(digest.ToString(), cancel).ConfigureAwait(false) is { } stored) return stored;
        string path = PathOf(reference);
        if (!File.Exists(path)) return null;
        string[] lines = await File.ReadAllLinesAsync(path, cancel).ConfigureAwait(false);
        if (lines.Length < 3 || !Digest.TryParse(lines[1], out Digest known) || !long.TryParse(lines[2], out long size)) return null;
        Descriptor root = new() { MediaType = lines[0], Digest = known, Size = size };
        return await store.ContainsAsync(root, cancel).ConfigureAwait(false) ? root : null;
    }

    private void Remember(ImageReference reference, Descriptor root)
    {
        Directory.CreateDirectory(memo);
        string path = PathOf(reference), temporary = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, $"{root.MediaType}\n{root.Digest}\n{root.Size}\n{reference}\n");
        File.Move(temporary, path, overwrite: true);
    }

    private string PathOf(ImageReference reference) =>
        Path.Combine(memo, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference.ToString()))));

    private async Task<Descriptor> AskAsync(ImageReference reference, CancellationToken cancel)
    {
        try
        {
            return await RemoteLookup.FindAsync(registry, registry.Repository(reference), reference, alsoStore: true, cancel).ConfigureAwait(false);
        }
        catch (ImageKitException missing) when (missing.Code == "IK4034")
        {
            throw await MissingAsync(reference, missing, cancel).ConfigureAwait(false);
        }
    }

    private async Task<BuildException> MissingAsync(ImageReference reference, ImageKitException missing, CancellationToken cancel)
    {
        string[] names = [.. (await store.ListAsync(cancel).ConfigureAwait(false)).Select(tag => tag.Name).OfType<string>()];
        string repository = reference.Repository[(reference.Repository.LastIndexOf('/') + 1)..];
        string? near = names.Where(name => name.Contains(repository, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).FirstOrDefault();
        return new(missing.Code, missing.What, missing.Why, near is null ? missing.Mend : $"The store has '{near}'. Did you mean that?", missing.InnerException);
    }
}
