using System.Collections.Immutable;
using System.Diagnostics;
using ImageKit.Oci;
using ImageKit.Outputs;
using ImageKit.Registry;
using ImageKit.Resolving;

namespace ImageKit.Editing;

/// <summary>Hands an image or index over: to the store, a registry, a layout or an archive.</summary>
internal sealed class RootOutputs(Stores stores, RegistryClient registry, ImageRoot root, IProgress<BuildEvent>? progress)
{
    /// <summary>Copies all of it into the store, and names it if there are names.</summary>
    public async Task<ImmutableArray<Exported>> StoreAsync(ImmutableArray<ImageReference> names, TimeProvider time, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        await ContentCopy.CopyAsync(root.Source, stores.Images, root.Descriptor, progress: Progress("fetch layers"), cancel: cancel).ConfigureAwait(false);
        foreach (ImageReference name in names) await stores.Images.TagAsync(name.ToString(), root.Descriptor, cancel).ConfigureAwait(false);
        stores.MarkAdded(root.Descriptor.Digest, time);
        return [.. names.Select(name => new Exported($"naming to {name}", root.Descriptor.Digest, watch.Elapsed))];
    }

    /// <summary>Carries one output out.</summary>
    /// <exception cref="BuildException">A file cannot be written (IK4050), or several platforms are to go into a docker archive (IK4051).</exception>
    public async Task<Exported> WriteAsync(Output output, ImmutableArray<ImageReference> names, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        string what = output switch
        {
            PushOutput push => await PushAsync(References.Parse(push.Reference).TagOrLatest, push.AlsoTags, cancel).ConfigureAwait(false),
            LayoutOutput layout => await LayoutAsync(layout, names, cancel).ConfigureAwait(false),
            ArchiveOutput archive => await ArchiveAsync(archive, names, cancel).ConfigureAwait(false),
            TarOutput tar => await TarAsync(tar, cancel).ConfigureAwait(false),
            LocalOutput local => await LocalAsync(local, cancel).ConfigureAwait(false),
            _ => throw new ArgumentOutOfRangeException(nameof(output), output, "An unknown output."),
        };
        return new(what, root.Descriptor.Digest, watch.Elapsed);
    }

    // What the registry has is not moved; what its neighbours have is mounted; the rest comes straight from where it is.
    private async Task<string> PushAsync(ImageReference target, ImmutableArray<string> tags, CancellationToken cancel)
    {
        RegistryRepository repository = registry.Repository(target, MountPlaces.Of(root.Source, target));
        if (target.Digest is null) repository = repository.ForRoot(target.Tag!);
        CopyResult copied = await ContentCopy.CopyAsync(root.Source, repository, root.Descriptor, progress: Progress($"push {target}"), cancel: cancel).ConfigureAwait(false);
        if (target.Digest is null) await repository.TagAsync([target.Tag!, .. tags], copied.Root, cancel).ConfigureAwait(false);
        return string.Join(", ", tags.Select(tag => $"{target.Name}:{tag}").Prepend($"pushing {target}"));
    }

    private async Task<string> LayoutAsync(LayoutOutput output, ImmutableArray<ImageReference> names, CancellationToken cancel)
    {
        using LayoutStore target = LayoutStore.Open(output.Directory);
        await ContentCopy.CopyAsync(root.Source, target, root.Descriptor, progress: Progress("fetch layers"), cancel: cancel).ConfigureAwait(false);
        foreach (ImageReference name in names) await target.TagByShortNameAsync(name, root.Descriptor, cancel).ConfigureAwait(false);
        // A layout lists what is in it; what has no name gets the tag that readers look for.
        if (names.IsEmpty) await target.TagAsync("latest", root.Descriptor, cancel).ConfigureAwait(false);
        return $"writing the OCI layout {output.Directory}";
    }

    private async Task<string> ArchiveAsync(ArchiveOutput output, ImmutableArray<ImageReference> names, CancellationToken cancel)
    {
        if (output.Docker && root.IsIndex) throw new BuildException("IK4051", "The docker archive holds one platform only.",
            "'docker load' knows no images of several platforms.", "Choose one with --platform, or write type=oci.");
        StoredTag[] images = names.IsEmpty ? [new(null, root.Descriptor)] : [.. names.Select(name => new StoredTag(name.ToString(), root.Descriptor))];
        ArchiveFormat format = output.Docker ? ArchiveFormat.Docker : ArchiveFormat.Oci;
        await TargetFile.WriteAsync(output.Target, stream => ImageArchive.WriteAsync(stream, format, root.Source, images, Progress("fetch layers"), cancel), cancel).ConfigureAwait(false);
        return $"writing the {(output.Docker ? "docker" : "OCI")} archive {output.Target}";
    }

    private async Task<string> TarAsync(TarOutput output, CancellationToken cancel)
    {
        ThrowIfSeveral();
        await TargetFile.WriteAsync(output.Target, stream => FilesAsync(stream, cancel), cancel).ConfigureAwait(false);
        return $"writing the tar archive {output.Target}";
    }

    private async Task<string> LocalAsync(LocalOutput output, CancellationToken cancel)
    {
        ThrowIfSeveral();
        await TarUnpacking.RunAsync(stream => FilesAsync(stream, cancel), output.Directory, cancel).ConfigureAwait(false);
        return $"writing files to {output.Directory}";
    }

    private Task FilesAsync(Stream target, CancellationToken cancel) => ImageFiles.WriteTarAsync(new(root.Source, root.Descriptor), stores.Layers, target, cancel);

    private void ThrowIfSeveral()
    {
        if (root.IsIndex) throw new ImageKitException("IK4061", "The files of several platforms do not go into one place.", "", "Choose one with --platform.");
    }

    private TransferProgress? Progress(string name) => progress is null ? null : new(name, progress);
}
