using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Resolving;

namespace ImageKit;

/// <content>Moving images.</content>
public sealed partial class ImageKitClient
{
    private const string DockerHub = "docker.io";

    /// <summary>Copies an image from its registry into the store.</summary>
    /// <param name="name">The name; a missing tag means `latest`.</param>
    /// <param name="platform">Which platform of an index; null for this machine's.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work; what arrived stays and is not moved again.</param>
    /// <exception cref="RegistryException">The registry refuses it or fails.</exception>
    /// <exception cref="ImageKitException">The registry has it not (IK4034).</exception>
    public async Task<TransferResult> PullAsync(string name, Platform? platform = null, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        ImageReference reference = References.Parse(name).TagOrLatest;
        using Stores stores = Stores.Open(Home);
        return await PullAsync(stores, reference, platform, progress, cancel).ConfigureAwait(false);
    }

    /// <summary>Copies an image of the store to a registry.</summary>
    /// <param name="name">The image in the store.</param>
    /// <param name="target">The name in the registry; null for <paramref name="name"/>.</param>
    /// <param name="tags">Further tags in the same repository.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    /// <exception cref="RegistryException">The registry refuses it or fails.</exception>
    public async Task<TransferResult> PushAsync(string name, string? target = null, ImmutableArray<string> tags = default, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        ImageReference reference = References.Parse(target ?? name).TagOrLatest;
        ImmutableArray<string> further = tags.IsDefault ? [] : [.. tags.Select(tag => References.Parse($"{reference.Name}:{tag}").Tag!)];
        using Stores stores = Stores.Open(Home);
        Descriptor root = await new StoreImages(stores).FindAsync(name, cancel).ConfigureAwait(false);
        return await PushAsync(stores, stores.Images, root, reference, progress, cancel, further).ConfigureAwait(false);
    }

    /// <summary>Copies an image, with all its platforms unless told otherwise, between registries and OCI layouts, or within one; nothing is kept here.</summary>
    /// <param name="source">The name to copy from, or `oci-layout://DIRECTORY[:TAG]`.</param>
    /// <param name="target">The name to copy to, or such a layout, which is made if missing.</param>
    /// <param name="options">Which platforms, and what goes along; null for all platforms and nothing else.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="RegistryException">A registry refuses it or fails.</exception>
    /// <exception cref="ImageKitException">The image is not there (IK4034), or something is to go along out of a layout or into one (IK4062).</exception>
    public Task<TransferResult> CopyAsync(string source, string target, ImageCopyOptions? options = null, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        ImageCopyOptions chosen = options ?? new();
        return LayoutPlace.Is(source) || LayoutPlace.Is(target) ? CopyLayoutAsync(source, target, chosen, progress, cancel) : CopyRemoteAsync(source, target, chosen, progress, cancel);
    }

    /// <summary>Writes images of the store into one archive, which `docker load` and readers of OCI layouts take.</summary>
    /// <param name="names">The images; their names go with them.</param>
    /// <param name="target">Where to; not disposed.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public async Task SaveAsync(IReadOnlyCollection<string> names, Stream target, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        using Stores stores = Stores.Open(Home);
        StoreImages images = new(stores);
        List<StoredTag> tags = [];
        foreach (string name in names)
        {
            Descriptor root = await images.FindAsync(name, cancel).ConfigureAwait(false);
            string? canonical = ImageReference.TryParse(name, out ImageReference? reference) ? reference.TagOrLatest.ToString() : null;
            bool isName = canonical is not null && (await images.NamesOfAsync(root.Digest, cancel).ConfigureAwait(false)).Any(known => known.ToString() == canonical);
            tags.Add(new(isName ? canonical : null, root));
        }
        await ImageArchive.WriteAsync(target, ArchiveFormat.Docker, stores.Images, tags, cancel: cancel).ConfigureAwait(false);
    }

    /// <summary>Reads an archive made by `docker save`, `podman save`, `skopeo` or <see cref="SaveAsync"/> into the store.</summary>
    /// <param name="archive">The archive, plain or compressed; read to its end and not disposed.</param>
    /// <param name="cancel">Stops the work.</param>
    public async Task<ImmutableArray<LoadedImage>> LoadAsync(Stream archive, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        Directory.CreateDirectory(stores.Scratch);
        using ImageArchive read = await ImageArchive.OpenAsync(archive, stores.Scratch, cancel).ConfigureAwait(false);
        var loaded = ImmutableArray.CreateBuilder<LoadedImage>();
        foreach (StoredTag tag in read.Images)
        {
            await ContentCopy.CopyAsync(read, stores.Images, tag.Root, cancel: cancel).ConfigureAwait(false);
            ImageReference? name = ImageReference.TryParse(tag.Name, out ImageReference? reference) ? reference.TagOrLatest : null;
            if (name is not null) await stores.Images.TagAsync(name.ToString(), tag.Root, cancel).ConfigureAwait(false);
            stores.MarkAdded(tag.Root.Digest, _options.Time);
            loaded.Add(new(name, tag.Root));
        }
        return loaded.ToImmutable();
    }

    /// <summary>Checks a login at a registry and keeps it in Docker's configuration file.</summary>
    /// <param name="registry">The registry's host and port; null for Docker Hub.</param>
    /// <param name="user">The user.</param>
    /// <param name="password">The password or token.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="RegistryException">The registry refuses the login.</exception>
    public async Task LoginAsync(string? registry, string user, string password, CancellationToken cancel = default)
    {
        Credential credential = await Registry.LoginAsync(registry ?? DockerHub, user, password, cancel).ConfigureAwait(false);
        DockerConfigFile file = await DockerConfigFile.ReadAsync(DockerConfigFile.DefaultPath, cancel).ConfigureAwait(false);
        await file.LoginAsync(registry ?? DockerHub, credential, cancel).ConfigureAwait(false);
    }

    /// <summary>Forgets a login.</summary>
    /// <param name="registry">The registry's host and port; null for Docker Hub.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> LogoutAsync(string? registry, CancellationToken cancel = default)
    {
        DockerConfigFile file = await DockerConfigFile.ReadAsync(DockerConfigFile.DefaultPath, cancel).ConfigureAwait(false);
        return await file.LogoutAsync(registry ?? DockerHub, cancel).ConfigureAwait(false);
    }

    private async Task<TransferResult> CopyRemoteAsync(string source, string target, ImageCopyOptions options, IProgress<BuildEvent>? progress, CancellationToken cancel)
    {
        ImageReference from = References.Parse(source).TagOrLatest, to = References.Parse(target).TagOrLatest;
        RegistryRepository reading = Registry.Repository(from);
        RegistryRepository writing = Registry.Repository(to, from.Registry == to.Registry && from.Repository != to.Repository ? [from.Repository] : []);
        if (to.Tag is { } named) writing = writing.ForRoot(named);
        Descriptor root = await ResolveAsync(reading, from, cancel).ConfigureAwait(false);
        CopyResult copied = await ImageCopy.CopyAsync(reading, writing, root, options, progress is null ? null : new TransferProgress($"copy {to}", progress), cancel).ConfigureAwait(false);
        if (to.Tag is { } tag) await writing.TagAsync(tag, copied.Root, cancel).ConfigureAwait(false);
        return new(to, copied.Root, copied.BytesWritten, copied.BlobsWritten, copied.BlobsSkipped);
    }

    private async Task<TransferResult> CopyLayoutAsync(string source, string target, ImageCopyOptions options, IProgress<BuildEvent>? progress, CancellationToken cancel)
    {
        if (options.Referrers || options.DigestTags) throw new ImageKitException("IK4062", "What is about an image goes from registry to registry alone.", "Layouts keep no list of it.", "Copy without --referrers and --digest-tags.");
        ImageReference? to = LayoutPlace.Is(target) ? null : References.Parse(target).TagOrLatest;
        (IContentStore reading, Descriptor root) = LayoutPlace.Is(source) ? await LayoutPlace.Parse(source).FindAsync(cancel).ConfigureAwait(false)
            : await RemoteAsync(References.Parse(source).TagOrLatest, cancel).ConfigureAwait(false);
        TransferProgress? moved = progress is null ? null : new($"copy {target}", progress);
        if (to is not null)
        {
            RegistryRepository writing = Registry.Repository(to);
            if (to.Tag is { } named) writing = writing.ForRoot(named);
            CopyResult sent = await ContentCopy.CopyAsync(reading, writing, root, options.Content, moved, cancel).ConfigureAwait(false);
            if (to.Tag is { } tag) await writing.TagAsync(tag, sent.Root, cancel).ConfigureAwait(false);
            return new(to, sent.Root, sent.BytesWritten, sent.BlobsWritten, sent.BlobsSkipped);
        }
        LayoutPlace place = LayoutPlace.Parse(target);
        using LayoutStore layout = LayoutStore.Open(place.Directory);
        CopyResult copied = await ContentCopy.CopyAsync(reading, layout, root, options.Content, moved, cancel).ConfigureAwait(false);
        await layout.TagAsync(place.Tag ?? "latest", copied.Root, cancel).ConfigureAwait(false);
        return new(null, copied.Root, copied.BytesWritten, copied.BlobsWritten, copied.BlobsSkipped);
    }

    private async Task<(IContentStore, Descriptor)> RemoteAsync(ImageReference reference, CancellationToken cancel)
    {
        RegistryRepository repository = Registry.Repository(reference);
        return (repository, await ResolveAsync(repository, reference, cancel).ConfigureAwait(false));
    }

    private async Task<TransferResult> PullAsync(Stores stores, ImageReference reference, Platform? platform, IProgress<BuildEvent>? progress, CancellationToken cancel)
    {
        RegistryRepository repository = Registry.Repository(reference);
        Descriptor root = await ResolveAsync(repository, reference, cancel).ConfigureAwait(false);
        CopyOptions options = new() { Platforms = [platform ?? Platform.Local] };
        CopyResult copied = await ContentCopy.CopyAsync(repository, new ImageIntake(stores.Layers), root, options, progress is null ? null : new TransferProgress($"pull {reference}", progress), cancel).ConfigureAwait(false);
        await stores.Images.TagAsync(reference.ToString(), copied.Root, cancel).ConfigureAwait(false);
        stores.MarkAdded(copied.Root.Digest, _options.Time);
        return new(reference, copied.Root, copied.BytesWritten, copied.BlobsWritten, copied.BlobsSkipped);
    }

    private async Task<TransferResult> PushAsync(Stores stores, IContentSource source, Descriptor root, ImageReference target, IProgress<BuildEvent>? progress, CancellationToken cancel, ImmutableArray<string> tags = default)
    {
        ImmutableArray<string> behind = MountPlaces.Of(source, target); // these have the layers for sure; the neighbours may
        RegistryRepository repository = Registry.Repository(target, [.. behind, .. (await NeighboursAsync(stores, target, cancel).ConfigureAwait(false)).Except(behind)]);
        string[] names = [.. target.Tag is { } tag ? [tag] : Array.Empty<string>(), .. tags.IsDefault ? [] : tags]; // what is named by its digest needs no tag
        if (names.Length > 0) repository = repository.ForRoot(names[0]);
        CopyResult copied = await ContentCopy.CopyAsync(source, repository, root, null, progress is null ? null : new TransferProgress($"push {target}", progress), cancel).ConfigureAwait(false);
        if (names.Length > 0) await repository.TagAsync(names, copied.Root, cancel).ConfigureAwait(false);
        return new(target, copied.Root, copied.BytesWritten, copied.BlobsWritten, copied.BlobsSkipped);
    }

    private Task<Descriptor> ResolveAsync(RegistryRepository repository, ImageReference reference, CancellationToken cancel) =>
        RemoteLookup.FindAsync(Registry, repository, reference, alsoStore: false, cancel);

    // Repositories of the same registry that the store knows: they may have the base's layers.
    private static async Task<ImmutableArray<string>> NeighboursAsync(Stores stores, ImageReference target, CancellationToken cancel)
    {
        const int most = 4; // each costs a request where it has the blob not
        ImmutableArray<StoredTag> tags = await new StoreImages(stores).ListAsync(cancel).ConfigureAwait(false);
        return
        [
            .. tags.Select(tag => ImageReference.TryParse(tag.Name, out ImageReference? name) ? name : null).OfType<ImageReference>()
                .Where(name => name.Registry == target.Registry && name.Repository != target.Repository).Select(name => name.Repository).Distinct().Take(most),
        ];
    }
}
