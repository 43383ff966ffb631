using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Makes indexes out of images and other indexes. Manifests, configs and layers stay as they are.</summary>
public static class IndexBuilding
{
    /// <summary>An index of all the images given; of an index, all its entries.</summary>
    /// <param name="parts">The images and indexes, in order.</param>
    /// <param name="store">Takes the new index.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">Two images are for one platform (IK1018), or a document cannot be read.</exception>
    public static async Task<ImageRoot> CreateAsync(IReadOnlyCollection<ImageRoot> parts, IContentStore store, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(store);
        List<Descriptor> entries = [];
        foreach (ImageRoot part in parts)
            foreach (Descriptor entry in await EntriesAsync(part, cancel).ConfigureAwait(false))
            {
                if (entries.Any(known => known.Digest == entry.Digest)) continue;
                if (entries.Any(known => AreAlike(known, entry))) throw EditFaults.Twice(entry.Platform!);
                entries.Add(entry);
            }
        return await WriteAsync(new() { SchemaVersion = 2, Manifests = [.. entries] }, parts.Select(part => part.Source), store, cancel).ConfigureAwait(false);
    }

    /// <summary>An index with more images; one for a platform that is there already takes its place, and the attestations of that one go.</summary>
    /// <param name="index">The index; an image becomes the first of an index.</param>
    /// <param name="parts">What to add.</param>
    /// <param name="store">Takes the new index.</param>
    /// <param name="cancel">Stops the work.</param>
    public static async Task<ImageRoot> AddAsync(ImageRoot index, IReadOnlyCollection<ImageRoot> parts, IContentStore store, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(store);
        IndexManifest before = await ReadAsync(index, cancel).ConfigureAwait(false);
        List<Descriptor> entries = [.. before.Manifests];
        foreach (ImageRoot part in parts)
            foreach (Descriptor entry in await EntriesAsync(part, cancel).ConfigureAwait(false))
            {
                if (entries.Any(known => known.Digest == entry.Digest)) continue;
                int place = entries.FindIndex(known => AreAlike(known, entry));
                if (place < 0) entries.Add(entry);
                else
                {
                    Digest gone = entries[place].Digest;
                    entries[place] = entry;
                    entries.RemoveAll(other => PlatformChoice.SubjectOf(other) == gone);
                }
            }
        return await WriteAsync(before with { Manifests = [.. entries] }, [index.Source, .. parts.Select(part => part.Source)], store, cancel).ConfigureAwait(false);
    }

    /// <summary>An index without some images; their attestations go with them.</summary>
    /// <param name="index">The index.</param>
    /// <param name="names">Platforms such as `linux/arm64`, or digests.</param>
    /// <param name="store">Takes the new index.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">It has none of that platform or digest (IK1017).</exception>
    public static async Task<ImageRoot> RemoveAsync(ImageRoot index, IReadOnlyCollection<string> names, IContentStore store, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(store);
        if (!index.IsIndex) throw EditFaults.NoIndex("index");
        IndexManifest before = await ReadAsync(index, cancel).ConfigureAwait(false);
        HashSet<Digest> gone = [];
        foreach (string name in names)
        {
            Digest[] meant = [.. before.Manifests.Where(entry => IsMeant(entry, name)).Select(entry => entry.Digest)];
            if (meant.Length == 0) throw EditFaults.NothingMatches(name, string.Join(", ", before.Manifests.Where(PlatformChoice.IsImage).Select(entry => entry.Platform?.ToString() ?? entry.Digest.ToString())));
            gone.UnionWith(meant);
        }
        ImmutableArray<Descriptor> left = [.. before.Manifests.Where(entry => !gone.Contains(entry.Digest) && !(PlatformChoice.SubjectOf(entry) is { } subject && gone.Contains(subject)))];
        return await WriteAsync(before with { Manifests = left }, [index.Source], store, cancel).ConfigureAwait(false);
    }

    private static bool AreAlike(Descriptor one, Descriptor other) => one.Platform is { Os: not "unknown" } left && other.Platform is { } right && one.ArtifactType == other.ArtifactType
        && left.ToString() == right.ToString() && left.OsVersion == right.OsVersion && (left.OsFeatures ?? []).SequenceEqual(right.OsFeatures ?? []);

    private static bool IsMeant(Descriptor entry, string name) => entry.Digest.ToString() == name
        || (PlatformChoice.IsImage(entry) && entry.Platform is { } own && Platform.TryParse(name, null, out Platform? platform) && platform.Accepts(own));

    private static async Task<IndexManifest> ReadAsync(ImageRoot root, CancellationToken cancel) => root.IsIndex
        ? (await Documents.ReadIndexAsync(root.Source, root.Descriptor, cancel).ConfigureAwait(false)).Value
        : new() { SchemaVersion = 2, Manifests = await EntriesAsync(root, cancel).ConfigureAwait(false) };

    private static async Task<ImmutableArray<Descriptor>> EntriesAsync(ImageRoot part, CancellationToken cancel)
    {
        if (part.IsIndex) return (await Documents.ReadIndexAsync(part.Source, part.Descriptor, cancel).ConfigureAwait(false)).Value.Manifests;
        Image image = new(part.Source, part.Descriptor);
        ImageManifest manifest = await image.GetManifestAsync(cancel).ConfigureAwait(false);
        // An artifact is for no platform; the index says what it is instead.
        if (!MediaTypes.IsConfig(manifest.Config.MediaType)) return [part.Descriptor with { ArtifactType = manifest.ArtifactType ?? manifest.Config.MediaType }];
        return [part.Descriptor with { Platform = part.Descriptor.Platform ?? await image.GetPlatformAsync(cancel).ConfigureAwait(false) }];
    }

    private static async Task<ImageRoot> WriteAsync(IndexManifest index, IEnumerable<IContentSource> sources, IContentStore store, CancellationToken cancel)
    {
        Document<IndexManifest> made = Documents.WriteIndex(index with { MediaType = MediaTypes.Index, Subject = null });
        await made.PutAsync(store, cancel).ConfigureAwait(false);
        return new(CombinedSource.Of(store, sources), made.Descriptor);
    }
}
