using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Sets and takes away annotations of manifests, of an index and of its entries.</summary>
public static class RootAnnotations
{
    /// <summary>Applies the edits. Layers and configs stay as they are.</summary>
    /// <param name="root">The image or index.</param>
    /// <param name="edits">What to set and take away, in order.</param>
    /// <param name="layers">Its image store takes the new documents.</param>
    /// <param name="options">Platforms and attestations.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">A level needs an index and there is none (IK1016), or no image is of the platform named (IK1017).</exception>
    public static async Task<EditedRoot> ApplyAsync(ImageRoot root, IReadOnlyCollection<AnnotationEdit> edits, LayerStore layers, RootEditOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(edits);
        ArgumentNullException.ThrowIfNull(layers);
        root = await RootEditing.ChooseAsync(root, options?.Platforms ?? [], cancel).ConfigureAwait(false);
        if (!root.IsIndex && edits.FirstOrDefault(edit => edit.Level != AnnotationLevel.Manifest) is { } impossible) throw EditFaults.NoIndex(impossible.Level == AnnotationLevel.Index ? "index" : "manifest-descriptor");
        HashSet<AnnotationEdit> used = [.. edits.Where(edit => edit.Platform is null)];
        EditedRoot edited = await RootEditing.EditAsync(root, ManifestAsync, layers.Images, options is null ? null : options with { Platforms = [] }, cancel).ConfigureAwait(false);
        if (edited.Root.IsIndex) edited = edited with { Root = await IndexAsync(edited.Root, edits, used, layers.Images, cancel).ConfigureAwait(false) };
        return edits.FirstOrDefault(edit => !used.Contains(edit)) is { } unused ? throw EditFaults.NothingMatches(unused.Platform!.ToString(), "") : edited;

        async Task<Image> ManifestAsync(Image image, CancellationToken stop)
        {
            Platform platform = await image.GetPlatformAsync(stop).ConfigureAwait(false);
            AnnotationEdit[] mine = [.. edits.Where(edit => edit.Level == AnnotationLevel.Manifest && edit.IsFor(platform))];
            used.UnionWith(mine);
            if (mine.Length == 0) return image;
            return await image.With(editor =>
            {
                foreach (AnnotationEdit edit in mine) _ = edit.Value is null ? editor.RemoveAnnotation(edit.Name) : editor.Annotate(edit.Name, edit.Value);
            }).WriteAsync(layers, cancel: stop).ConfigureAwait(false);
        }
    }

    private static async Task<ImageRoot> IndexAsync(ImageRoot root, IReadOnlyCollection<AnnotationEdit> edits, HashSet<AnnotationEdit> used, IContentStore store, CancellationToken cancel)
    {
        if (edits.All(edit => edit.Level == AnnotationLevel.Manifest)) return root;
        IndexManifest index = (await Documents.ReadIndexAsync(root.Source, root.Descriptor, cancel).ConfigureAwait(false)).Value;
        ImmutableArray<Descriptor>.Builder entries = index.Manifests.ToBuilder();
        for (int i = 0; i < entries.Count; i++)
        {
            if (!PlatformChoice.IsImage(entries[i])) continue;
            AnnotationEdit[] mine = [.. edits.Where(edit => edit.Level == AnnotationLevel.ManifestDescriptor && edit.IsFor(entries[i].Platform))];
            used.UnionWith(mine);
            entries[i] = entries[i] with { Annotations = Apply(entries[i].Annotations, mine) };
        }
        AnnotationEdit[] own = [.. edits.Where(edit => edit.Level == AnnotationLevel.Index)];
        used.UnionWith(own);
        Document<IndexManifest> made = Documents.WriteIndex(index with
        {
            MediaType = MediaTypes.Index, // Docker's lists have no annotations
            Manifests = entries.MoveToImmutable(),
            Annotations = Apply(index.Annotations, own),
        });
        await made.PutAsync(store, cancel).ConfigureAwait(false);
        return new(CombinedSource.Of(store, root.Source), made.Descriptor);
    }

    private static ImmutableSortedDictionary<string, string>? Apply(ImmutableSortedDictionary<string, string>? annotations, AnnotationEdit[] edits)
    {
        ImmutableSortedDictionary<string, string> changed = annotations ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        foreach (AnnotationEdit edit in edits) changed = edit.Value is null ? changed.Remove(edit.Name) : changed.SetItem(edit.Name, edit.Value);
        return changed.IsEmpty ? null : changed;
    }
}
