namespace ImageKit.Oci;

/// <summary>Follows manifests and indexes down to the last blob.</summary>
public static class ContentReach
{
    /// <summary>The digests of some roots and of all that they point to, as far as it is here: what may not be deleted while the roots stay.</summary>
    /// <param name="store">Where they are; parts of an index that are missing are passed over.</param>
    /// <param name="roots">Manifests, indexes, or other blobs.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">A document that is here is broken (IK1005, IK1102, IK1103, IK1105): nobody can say what it points to.</exception>
    public static async Task<HashSet<Digest>> FindAsync(IContentStore store, IEnumerable<Descriptor> roots, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(roots);
        HashSet<Digest> reached = [];
        Stack<Descriptor> pending = new(roots);
        while (pending.TryPop(out Descriptor? node))
        {
            if (!reached.Add(node.Digest)) continue;
            bool isIndex = MediaTypes.IsIndex(node.MediaType);
            if ((!isIndex && !MediaTypes.IsManifest(node.MediaType)) || !await store.ContainsAsync(node, cancel).ConfigureAwait(false)) continue;
            if (isIndex)
            {
                foreach (Descriptor entry in (await Documents.ReadIndexAsync(store, node, cancel).ConfigureAwait(false)).Value.Manifests) pending.Push(entry);
                continue;
            }
            ImageManifest manifest = (await Documents.ReadManifestAsync(store, node, cancel).ConfigureAwait(false)).Value;
            foreach (Descriptor blob in manifest.Layers.Add(manifest.Config)) pending.Push(blob);
        }
        return reached;
    }
}
