using System.Diagnostics;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Snapshots;

namespace ImageKit.Outputs;

/// <summary>Hands a result over: to a registry, a layout, an archive or a directory.</summary>
internal sealed class OutputWriter(OutputContext context)
{
    /// <summary>Carries one output out.</summary>
    public async Task<Exported> WriteAsync(Output output, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        (string what, Digest digest) = output switch
        {
            PushOutput push => await PushAsync(push, cancel).ConfigureAwait(false),
            LayoutOutput layout => await LayoutAsync(layout, cancel).ConfigureAwait(false),
            ArchiveOutput archive => await ArchiveAsync(archive, cancel).ConfigureAwait(false),
            LocalOutput local => (await new RootFilesystemWriter(context).ToDirectoryAsync(local.Directory, cancel).ConfigureAwait(false), default),
            TarOutput tar => (await new RootFilesystemWriter(context).ToTarAsync(tar.Target, cancel).ConfigureAwait(false), default),
            _ => throw new ArgumentOutOfRangeException(nameof(output), output, "An unknown kind of output."),
        };
        return new Exported(what, digest, watch.Elapsed);
    }

    /// <summary>Names the result in the store.</summary>
    public async Task<Exported> NameAsync(ImageReference name, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        await context.CompleteAsync(cancel).ConfigureAwait(false);
        // An unchanged build writes nothing.
        if ((await context.Store.ResolveAsync(name.ToString(), cancel).ConfigureAwait(false))?.Digest != context.Root.Digest)
            await context.Store.TagAsync(name.ToString(), context.Root, cancel).ConfigureAwait(false);
        return new Exported($"naming to {name}", context.Root.Digest, watch.Elapsed);
    }

    private async Task<(string, Digest)> PushAsync(PushOutput push, CancellationToken cancel)
    {
        ImageReference target = References.Parse(push.Reference).TagOrLatest;
        // Blobs of a base from the same registry are mounted there, and are not fetched for it.
        string[] mounts = [.. context.Images.Select(image => image.Lowered.BaseReference).OfType<ImageReference>()
            .Where(reference => reference.Registry == target.Registry && reference.Repository != target.Repository).Select(reference => reference.Repository).Distinct()];
        RegistryRepository repository = context.Registry.Repository(target, [.. mounts]).ForRoot(target.Tag ?? "latest");
        TransferProgress? progress = context.Progress is null ? null : new($"push {target}", context.Progress);
        CopyResult copied = await ContentCopy.CopyAsync(new LayerBlobSource(context), repository, context.Root, progress: progress, cancel: cancel).ConfigureAwait(false);
        await repository.TagAsync([target.Tag ?? "latest", .. push.AlsoTags], copied.Root, cancel).ConfigureAwait(false);
        return (string.Join(", ", push.AlsoTags.Select(tag => $"{target.Name}:{tag}").Prepend($"pushing {target}")), copied.Root.Digest);
    }

    private async Task<(string, Digest)> LayoutAsync(LayoutOutput output, CancellationToken cancel)
    {
        await context.CompleteAsync(cancel).ConfigureAwait(false);
        using LayoutStore target = LayoutStore.Open(output.Directory);
        await ContentCopy.CopyAsync(context.Store, target, context.Root, cancel: cancel).ConfigureAwait(false);
        foreach (ImageReference name in context.Names) await target.TagByShortNameAsync(name, context.Root, cancel).ConfigureAwait(false);
        // A layout lists what is in it; what has no name gets the tag that readers look for.
        if (context.Names.IsEmpty) await target.TagAsync("latest", context.Root, cancel).ConfigureAwait(false);
        return ($"writing the OCI layout {output.Directory}", context.Root.Digest);
    }

    private async Task<(string, Digest)> ArchiveAsync(ArchiveOutput output, CancellationToken cancel)
    {
        if (output.Docker && context.Images.Length > 1) throw new BuildException("IK4051", "The docker archive holds one platform only.",
            "'docker load' knows no images of several platforms.", "Build for one platform, or write type=oci.");
        await context.CompleteAsync(cancel).ConfigureAwait(false);
        StoredTag[] images = context.Names.IsEmpty ? [new(null, context.Root)] : [.. context.Names.Select(name => new StoredTag(name.ToString(), context.Root))];
        ArchiveFormat format = output.Docker ? ArchiveFormat.Docker : ArchiveFormat.Oci;
        await TargetFile.WriteAsync(output.Target, stream => ImageArchive.WriteAsync(stream, format, context.Store, images, cancel: cancel), cancel).ConfigureAwait(false);
        return ($"writing the {(output.Docker ? "docker" : "OCI")} archive {output.Target}", context.Root.Digest);
    }
}
