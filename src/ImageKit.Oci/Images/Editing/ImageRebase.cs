using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Puts the upper layers of an image on another base. No layer is read, let alone written.</summary>
public static class ImageRebase
{
    /// <summary>
    /// Takes the layers of the old base off an image and puts those of the new one in their place. What the configuration took over from the old base
    /// (each variable, label, port and volume by itself) becomes what the new one says; what the image changed stays.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="oldBase">The base it was built on: its layers are the lowest of the image's.</param>
    /// <param name="newBase">The base to put it on.</param>
    /// <param name="name">The new base's name and the digest it points to, for the annotations `base.name` and `base.digest`; null leaves them out.</param>
    /// <param name="store">Takes the config and the manifest.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">The image is not built on the old base (IK1014), the new one is for another platform (IK1015), or a document cannot be read.</exception>
    public static async Task<Image> RebaseAsync(Image image, Image oldBase, Image newBase, BaseName? name, IContentStore store, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(oldBase);
        ArgumentNullException.ThrowIfNull(newBase);
        ArgumentNullException.ThrowIfNull(store);
        ImmutableArray<ImageLayer> mine = await image.GetLayersAsync(cancel).ConfigureAwait(false);
        ImmutableArray<ImageLayer> below = await oldBase.GetLayersAsync(cancel).ConfigureAwait(false), ahead = await newBase.GetLayersAsync(cancel).ConfigureAwait(false);
        int same = mine.Zip(below).TakeWhile(pair => pair.First.DiffId == pair.Second.DiffId).Count();
        if (same < below.Length) throw EditFaults.NotBuiltOn(same, below.Length, mine.Length);
        Platform platform = await image.GetPlatformAsync(cancel).ConfigureAwait(false), offered = await newBase.GetPlatformAsync(cancel).ConfigureAwait(false);
        if (platform.Os != offered.Os || platform.Architecture != offered.Architecture) throw EditFaults.OtherPlatform(platform, offered);

        ImageConfig config = ConfigRebase.Merge(await image.GetConfigAsync(cancel).ConfigureAwait(false), await oldBase.GetConfigAsync(cancel).ConfigureAwait(false),
            await newBase.GetConfigAsync(cancel).ConfigureAwait(false));
        ImageManifest manifest = await image.GetManifestAsync(cancel).ConfigureAwait(false);
        Document<ImageConfig> newConfig = Documents.WriteConfig(config);
        Document<ImageManifest> newManifest = Documents.WriteManifest(MediaTypes.ToOci(manifest with
        {
            Config = newConfig.Descriptor,
            Layers = [.. ahead.Concat(mine.Skip(below.Length)).Select(layer => layer.Blob)],
            Annotations = Annotate(manifest.Annotations, name),
            Subject = null, // it spoke of another image
        }));
        await newConfig.PutAsync(store, cancel).ConfigureAwait(false);
        await newManifest.PutAsync(store, cancel).ConfigureAwait(false);
        return new(CombinedSource.Of(store, image.Source, newBase.Source), newManifest.Descriptor);
    }

    private static ImmutableSortedDictionary<string, string>? Annotate(ImmutableSortedDictionary<string, string>? annotations, BaseName? name)
    {
        ImmutableSortedDictionary<string, string> rest = (annotations ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
            .RemoveRange([OciAnnotation.BaseName, OciAnnotation.BaseDigest]);
        if (name is not null) rest = rest.SetItem(OciAnnotation.BaseName, name.Name).SetItem(OciAnnotation.BaseDigest, name.Digest.ToString());
        return rest.IsEmpty ? null : rest;
    }
}

/// <summary>What an image says of its base.</summary>
/// <param name="Name">The base's full name, such as `docker.io/library/debian:12`.</param>
/// <param name="Digest">What the name pointed to: a manifest or an index.</param>
public sealed record BaseName(string Name, Digest Digest)
{
    /// <summary>What annotations say; null if they do not say both.</summary>
    public static BaseName? Of(IReadOnlyDictionary<string, string>? annotations) => annotations is not null
        && annotations.TryGetValue(OciAnnotation.BaseName, out string? name) && name.Length > 0
        && annotations.TryGetValue(OciAnnotation.BaseDigest, out string? text) && Digest.TryParse(text, null, out Digest digest) ? new(name, digest) : null;
}
