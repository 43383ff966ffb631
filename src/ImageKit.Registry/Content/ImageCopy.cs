using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Copies images out of a registry with what belongs to them, without keeping anything on this machine.</summary>
public static class ImageCopy
{
    private const int MostDepth = 8;

    /// <summary>Copies an image, and what the options name beside it.</summary>
    /// <param name="source">Where to read.</param>
    /// <param name="target">Where to write: another repository, or a store.</param>
    /// <param name="root">The image in <paramref name="source"/>.</param>
    /// <param name="options">What goes along; the image alone unless set.</param>
    /// <param name="progress">Told of every blob; called from several threads at once.</param>
    /// <param name="cancel">Stops the work; what arrived stays.</param>
    /// <exception cref="RegistryException">A registry could not be asked, or refused (IK20xx).</exception>
    /// <exception cref="ContentException">As <see cref="ContentCopy.CopyAsync"/>.</exception>
    public static async Task<CopyResult> CopyAsync(RegistryRepository source, IContentStore target, Descriptor root, ImageCopyOptions? options = null,
        IProgress<TransferEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new();
        CopyResult result = await ContentCopy.CopyAsync(source, target, root, options.Content, progress, cancel).ConfigureAwait(false);
        if (!options.Referrers && !options.DigestTags) return result;
        Companions companions = new(source, target, options.Content with { Platforms = [] }, progress);
        ImmutableArray<Digest> images = await ImagesAsync(target, root, result.Root, cancel).ConfigureAwait(false);
        if (options.Referrers) foreach (Digest image in images) result = Sum(result, await companions.CopyReferrersAsync(image, MostDepth, cancel).ConfigureAwait(false));
        if (options.DigestTags) result = Sum(result, await companions.CopyDigestTagsAsync(images, cancel).ConfigureAwait(false));
        return result;
    }

    /// <summary>Copies what is about an image, and what is about that, but not the image.</summary>
    /// <inheritdoc cref="CopyAsync" path="/exception"/>
    public static async Task<CopyResult> CopyReferrersAsync(RegistryRepository source, IContentStore target, Descriptor root, IProgress<TransferEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(root);
        return Sum(new(root, 0, 0, 0), await new Companions(source, target, new(), progress).CopyReferrersAsync(root.Digest, MostDepth, cancel).ConfigureAwait(false));
    }

    private static CopyResult Sum(CopyResult all, CopyResult one) =>
        all with { BytesWritten = all.BytesWritten + one.BytesWritten, BlobsWritten = all.BlobsWritten + one.BlobsWritten, BlobsSkipped = all.BlobsSkipped + one.BlobsSkipped };

    // The index as it was and as it became, and its images: signatures may be of any of them.
    private static async Task<ImmutableArray<Digest>> ImagesAsync(IContentStore target, Descriptor asked, Descriptor copied, CancellationToken cancel)
    {
        if (!MediaTypes.IsIndex(copied.MediaType)) return [.. new[] { asked.Digest, copied.Digest }.Distinct()];
        Document<IndexManifest> index = await Documents.ReadIndexAsync(target, copied, cancel).ConfigureAwait(false);
        return [.. index.Value.Manifests.Select(entry => entry.Digest).Prepend(copied.Digest).Prepend(asked.Digest).Distinct()];
    }

    private sealed class Companions(RegistryRepository source, IContentStore target, CopyOptions options, IProgress<TransferEvent>? progress)
    {
        private readonly HashSet<Digest> _copied = [];

        public async Task<CopyResult> CopyReferrersAsync(Digest subject, int depth, CancellationToken cancel)
        {
            CopyResult all = Nothing(subject);
            if (depth == 0) return all;
            foreach (Descriptor referrer in await source.ListReferrersAsync(subject, cancel: cancel).ConfigureAwait(false))
            {
                if (!_copied.Add(referrer.Digest)) continue;
                Descriptor bare = new() { MediaType = referrer.MediaType, Digest = referrer.Digest, Size = referrer.Size };
                all = Sum(all, await ContentCopy.CopyAsync(source, target, bare, options, progress, cancel).ConfigureAwait(false));
                all = Sum(all, await CopyReferrersAsync(referrer.Digest, depth - 1, cancel).ConfigureAwait(false));
            }
            return all;
        }

        public async Task<CopyResult> CopyDigestTagsAsync(ImmutableArray<Digest> images, CancellationToken cancel)
        {
            string[] names = [.. images.Select(ReferrerTag.Of)];
            CopyResult all = Nothing(images[0]);
            await foreach (string tag in source.ListTagsAsync(cancel).ConfigureAwait(false))
            {
                // The bare name is the list of referrers, which the target keeps for itself.
                bool belongs = names.Any(name => tag.StartsWith(name + ".", StringComparison.Ordinal));
                if (!belongs || await source.ResolveAsync(tag, cancel).ConfigureAwait(false) is not { } root) continue;
                all = Sum(all, await ContentCopy.CopyAsync(source, target, root, options, progress, cancel).ConfigureAwait(false));
                await target.TagAsync(tag, root, cancel).ConfigureAwait(false);
            }
            return all;
        }

        private static CopyResult Nothing(Digest about) => new(new Descriptor { MediaType = MediaTypes.Manifest, Digest = about, Size = 0 }, 0, 0, 0);
    }
}
