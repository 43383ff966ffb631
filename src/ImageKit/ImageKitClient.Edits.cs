using System.Collections.Immutable;
using ImageKit.Editing;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit;

/// <content>Changing images without building them.</content>
public sealed partial class ImageKitClient
{
    /// <summary>
    /// Changes an image, or all images of an index, without building: configuration, layers, annotations, base, compression, platforms. Nothing is unpacked, and
    /// what need not be read is not even downloaded. The same edit of the same source gives the same digest.
    /// </summary>
    /// <param name="request">The source, the steps, and where the result goes.</param>
    /// <param name="progress">Is told of blobs that move, and of warnings.</param>
    /// <param name="cancel">Stops the work; what was named or pushed before stays as it was.</param>
    /// <exception cref="ImageKitException">The source is nowhere (IK4034), a name is none (IK4021), or a step cannot be done (IK1011 to IK1018, IK4060).</exception>
    /// <exception cref="RegistryException">A registry refuses or fails.</exception>
    public async Task<EditResult> EditAsync(EditRequest request, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ImmutableArray<ImageReference> names = [.. request.Tags.Select(name => Named(name))];
        using Stores stores = Stores.Open(Home);
        (ImageRoot root, bool changed) = await new EditRun(stores, Registry, request, EpochOf(request), progress).RunAsync(cancel).ConfigureAwait(false);
        RootOutputs outputs = new(stores, Registry, root, progress);
        var done = ImmutableArray.CreateBuilder<Exported>();
        foreach (Output output in PushOutput.Joined(request.Outputs)) done.Add(await outputs.WriteAsync(output, names, cancel).ConfigureAwait(false));
        bool elsewhere = request.Outputs.Length > 0;
        if (!elsewhere || (!names.IsEmpty && !request.Outputs.OfType<PushOutput>().Any())) done.AddRange(await outputs.StoreAsync(names, _options.Time, cancel).ConfigureAwait(false));
        foreach (Exported exported in done) progress?.Report(exported);
        return new() { Root = root.Descriptor, Outputs = done.ToImmutable(), Changed = changed };
    }

    /// <summary>Copies one file out of an image. Of eStargz and zstd:chunked layers in a registry only the table of contents and the file are fetched.</summary>
    /// <param name="name">The image, named as <see cref="EditRequest.Source"/>.</param>
    /// <param name="path">The file, absolute in the image; links are followed.</param>
    /// <param name="target">Takes its bytes; stays open.</param>
    /// <param name="platform">Which platform of an index; null for this machine's.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">The image is nowhere (IK4034), has no such file (IK1019), or a layer is broken (IK1215, IK11xx).</exception>
    public async Task ReadFileAsync(string name, string path, Stream target, Platform? platform = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        using Stores stores = Stores.Open(Home);
        ImageRoot root = await new ImageRoots(stores, Registry, askAgain: false).FindAsync(name, cancel).ConfigureAwait(false);
        Image image = await ImageRoots.OfAsync(root, platform ?? Platform.Local, cancel).ConfigureAwait(false);
        Stream file = await ImageFileReading.OpenFileAsync(image, stores.Layers, path, cancel).ConfigureAwait(false);
        await using (file.ConfigureAwait(false)) await file.CopyToAsync(target, cancel).ConfigureAwait(false);
    }

    /// <summary>Puts an image on another base, without building and without reading a layer.</summary>
    /// <param name="image">The image.</param>
    /// <param name="onto">The new base; null for what the name in its annotation `base.name` points to now.</param>
    /// <param name="oldBase">The base that it was built on; null for the one that its annotations name.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The new image; its manifest and configuration are in the store, its layers where they were.</returns>
    /// <exception cref="ImageKitException">The old base is not known (IK4060), the image is not built on it (IK1014), or a base is nowhere (IK4034).</exception>
    public async Task<Image> RebaseAsync(Image image, string? onto = null, string? oldBase = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using Stores stores = Stores.Open(Home);
        Image written = await image.WriteAsync(stores.Layers, cancel: cancel).ConfigureAwait(false);
        return await new RebaseRun(stores, new(stores, Registry, askAgain: false), new() { Onto = onto, OldBase = oldBase }).RebaseAsync(written, null, cancel).ConfigureAwait(false);
    }

    private static ImageReference Named(string name) => References.Parse(name).TagOrLatest is { Digest: null } reference ? reference
        : throw new ImageKitException("IK4021", $"'{name}' cannot be given as a name.", "A digest follows from the content.", "Write a name and a tag.");

    private long EpochOf(EditRequest request)
    {
        if (request.Epoch is { } given) return given.Seconds(_options.Time);
        string? text = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
        return string.IsNullOrEmpty(text) ? 0 : SourceEpoch.TryParse(text, out SourceEpoch epoch) ? epoch.Seconds(_options.Time)
            : throw new ImageKitException("IK4023", $"SOURCE_DATE_EPOCH is no time: '{text}'.", "", "Set it to seconds since 1970, in digits.");
    }
}
