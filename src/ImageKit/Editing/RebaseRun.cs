using ImageKit.Oci;

namespace ImageKit.Editing;

/// <summary>Applies <see cref="RebaseStep"/> to each image, with the bases of its platform.</summary>
internal sealed class RebaseRun(Stores stores, ImageRoots roots, RebaseStep step)
{
    private readonly Dictionary<string, ImageRoot> _found = new(StringComparer.Ordinal);

    public async Task<ImageRoot> RunAsync(ImageRoot root, Func<ImageRoot, Func<Image, CancellationToken, Task<Image>>, string?, CancellationToken, Task<ImageRoot>> each, CancellationToken cancel)
    {
        BaseName? ofIndex = root.IsIndex ? BaseName.Of((await Documents.ReadIndexAsync(root.Source, root.Descriptor, cancel).ConfigureAwait(false)).Value.Annotations) : null;
        return await each(root, (image, stop) => RebaseAsync(image, ofIndex, stop), null, cancel).ConfigureAwait(false);
    }

    /// <summary>Rebases one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="ofIndex">What the index says of the base, should the image say nothing.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">The base is named nowhere (IK4060).</exception>
    public async Task<Image> RebaseAsync(Image image, BaseName? ofIndex, CancellationToken cancel)
    {
        BaseName? said = BaseName.Of((await image.GetManifestAsync(cancel).ConfigureAwait(false)).Annotations) ?? ofIndex;
        string old = step.OldBase ?? (said is null ? throw Unknown() : ImageRoots.Pinned(said));
        string onto = step.Onto ?? said?.Name ?? throw Unknown();
        Platform platform = await image.GetPlatformAsync(cancel).ConfigureAwait(false);
        ImageRoot newBase = await FindAsync(onto, cancel).ConfigureAwait(false);
        Image below = await ImageRoots.OfAsync(await FindAsync(old, cancel).ConfigureAwait(false), platform, cancel).ConfigureAwait(false);
        Image ahead = await ImageRoots.OfAsync(newBase, platform, cancel).ConfigureAwait(false);
        BaseName? name = ImageReference.TryParse(onto, out ImageReference? reference) ? new(reference.TagOrLatest.ToString(), newBase.Descriptor.Digest) : null;
        return await ImageRebase.RebaseAsync(image, below, ahead, name, stores.Images, cancel).ConfigureAwait(false);
    }

    private async Task<ImageRoot> FindAsync(string name, CancellationToken cancel)
    {
        if (!_found.TryGetValue(name, out ImageRoot? root)) _found[name] = root = await roots.FindAsync(name, cancel).ConfigureAwait(false);
        return root;
    }

    private static ImageKitException Unknown() => new("IK4060", "The image does not say on which base it was built.",
        $"It has not both annotations, {OciAnnotation.BaseName} and {OciAnnotation.BaseDigest}.", "Name the old base and the new one: --old-base NAME@DIGEST --onto NAME.");
}
