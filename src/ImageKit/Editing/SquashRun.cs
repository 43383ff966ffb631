using ImageKit.Oci;

namespace ImageKit.Editing;

/// <summary>Applies <see cref="SquashStep"/> to each image, with the base of its platform.</summary>
internal sealed class SquashRun(Stores stores, ImageRoots roots, SquashStep step, ImageWriteOptions options)
{
    public Task<ImageRoot> RunAsync(ImageRoot root, Func<ImageRoot, Func<Image, CancellationToken, Task<Image>>, string?, CancellationToken, Task<ImageRoot>> each, CancellationToken cancel) =>
        each(root, async (image, stop) => await ImageSquash.SquashAsync(image, stores.Layers, await FirstAsync(image, stop).ConfigureAwait(false), options, stop).ConfigureAwait(false), null, cancel);

    private async Task<int> FirstAsync(Image image, CancellationToken cancel)
    {
        if (step.Last is { } last)
        {
            int layers = (await image.GetLayersAsync(cancel).ConfigureAwait(false)).Length;
            return last <= layers ? layers - last : throw new ImageKitException("IK1011", $"The image has no {last} layers.", $"It has {layers}.", "Name fewer, or make one of all: 'imagekit flatten'.");
        }
        BaseName? said = BaseName.Of((await image.GetManifestAsync(cancel).ConfigureAwait(false)).Annotations);
        string name = step.Base ?? (said is null ? throw Unknown() : ImageRoots.Pinned(said));
        Platform platform = await image.GetPlatformAsync(cancel).ConfigureAwait(false);
        Image below = await ImageRoots.OfAsync(await roots.FindAsync(name, cancel).ConfigureAwait(false), platform, cancel).ConfigureAwait(false);
        return await ImageSquash.LayersOfBaseAsync(image, below, cancel).ConfigureAwait(false);
    }

    private static ImageKitException Unknown() => new("IK4060", "The image does not say on which base it was built.",
        $"It has not both annotations, {OciAnnotation.BaseName} and {OciAnnotation.BaseDigest}.", "Name the base with --base, say how many layers with --last, or flatten the whole image.");
}
