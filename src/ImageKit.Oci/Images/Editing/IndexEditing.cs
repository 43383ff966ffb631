using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Edits the images of an index, one after the other, and writes the index that holds the results.</summary>
internal sealed class IndexEditing(ImageRoot root, Func<Image, CancellationToken, Task<Image>> edit, IContentStore store, RootEditOptions options)
{
    private readonly Dictionary<Digest, Descriptor> _edited = [];
    private readonly List<IContentSource> _sources = [];
    private readonly ImmutableArray<Descriptor>.Builder _dropped = ImmutableArray.CreateBuilder<Descriptor>();

    public async Task<EditedRoot> RunAsync(CancellationToken cancel)
    {
        IndexManifest index = (await Documents.ReadIndexAsync(root.Source, root.Descriptor, cancel).ConfigureAwait(false)).Value;
        foreach (Descriptor entry in index.Manifests.Where(IsEdited))
            _edited[entry.Digest] = await EditAsync(entry, cancel).ConfigureAwait(false);
        ImmutableArray<Descriptor> entries = [.. index.Manifests.Select(Place).OfType<Descriptor>()];
        string mediaType = options.IndexMediaType ?? (entries.SequenceEqual(index.Manifests) ? root.Descriptor.MediaType : MediaTypes.Index);
        if (entries.SequenceEqual(index.Manifests) && mediaType == root.Descriptor.MediaType) return new(root, []);
        Document<IndexManifest> made = Documents.WriteIndex(index with { Manifests = entries, MediaType = mediaType, Subject = null });
        await made.PutAsync(store, cancel).ConfigureAwait(false);
        return new(new(CombinedSource.Of(store, [.. _sources, root.Source]), made.Descriptor), _dropped.ToImmutable());
    }

    // Artifacts that stand in an index have no platform, or say what they are.
    private static bool IsEdited(Descriptor entry) => PlatformChoice.IsImage(entry) && PlatformChoice.SubjectOf(entry) is null && entry.ArtifactType is null
        && (MediaTypes.IsManifest(entry.MediaType) || MediaTypes.IsIndex(entry.MediaType));

    private async Task<Descriptor> EditAsync(Descriptor entry, CancellationToken cancel)
    {
        if (MediaTypes.IsIndex(entry.MediaType))
        {
            EditedRoot nested = await RootEditing.EditAsync(new(root.Source, entry), edit, store, options with { Platforms = [] }, cancel).ConfigureAwait(false);
            _sources.Add(nested.Root.Source);
            _dropped.AddRange(nested.Dropped);
            return Placed(entry, nested.Root.Descriptor, entry.Platform);
        }
        Image before = new(root.Source, entry), after = await RootEditing.EditOneAsync(root.Source, entry, edit, cancel).ConfigureAwait(false);
        if (after.Descriptor.Digest == entry.Digest) return entry;
        _sources.Add(after.Source);
        Platform was = await before.GetPlatformAsync(cancel).ConfigureAwait(false), now = await after.GetPlatformAsync(cancel).ConfigureAwait(false);
        return Placed(entry, after.Descriptor, entry.Platform is not null && was.ToString() == now.ToString() && was.OsVersion == now.OsVersion ? entry.Platform : now);
    }

    private static Descriptor Placed(Descriptor entry, Descriptor made, Platform? platform) =>
        entry with { MediaType = made.MediaType, Digest = made.Digest, Size = made.Size, Platform = platform, Data = null };

    private Descriptor? Place(Descriptor entry)
    {
        if (_edited.TryGetValue(entry.Digest, out Descriptor? edited)) return edited;
        if (PlatformChoice.SubjectOf(entry) is not { } subject || !_edited.TryGetValue(subject, out Descriptor? image) || image.Digest == subject) return entry;
        if (options.KeepAttestations) return entry with { Annotations = entry.Annotations!.SetItem(PlatformChoice.ReferenceDigest, image.Digest.ToString()) };
        _dropped.Add(entry);
        return null;
    }
}
