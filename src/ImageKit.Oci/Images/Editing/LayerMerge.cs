using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// Makes one layer of several, from tar to tar: the tables of contents say which entries are left, and their bytes are copied out of each layer in the
/// order of its tar. Nothing is unpacked; only tables of contents are held.
/// </summary>
internal sealed class LayerMerge : IAsyncDisposable
{
    private readonly LayerStore _store;
    private readonly IContentSource _source;
    private readonly ImmutableArray<ImageLayer> _layers;
    private readonly Dictionary<ContentOrigin, int> _order = new(ReferenceEqualityComparer.Instance);
    private readonly List<LayerStreamOrigin> _origins = [];

    /// <param name="store">Where layers are read into.</param>
    /// <param name="source">Where their blobs are.</param>
    /// <param name="layers">All layers of the image, lowest first.</param>
    public LayerMerge(LayerStore store, IContentSource source, ImmutableArray<ImageLayer> layers) => (_store, _source, _layers) = (store, source, layers);

    /// <summary>The entries of one layer that has in it what the layers from <paramref name="first"/> on have. Those below are read only if a hard link names a file of theirs.</summary>
    public async Task<IReadOnlyList<LayerItem>> MergeAsync(int first, CancellationToken cancel)
    {
        DraftNode merged;
        try
        {
            merged = await StackAsync(Tree.Empty, first, cancel).ConfigureAwait(false);
        }
        catch (ContentException e) when (e.Code == "IK1211" && first > 0) // the link's file lies below
        {
            Tree below = Tree.Empty;
            for (int i = 0; i < first; i++) below = below.Apply(await ItemsAsync(i, cancel).ConfigureAwait(false));
            merged = await StackAsync(below, first, cancel).ConfigureAwait(false);
        }
        return new MergedItems(merged, isWhole: first == 0, origin => _order[origin]).List();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LayerStreamOrigin origin in _origins) await origin.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<DraftNode> StackAsync(Tree below, int first, CancellationToken cancel)
    {
        DraftNode? stack = null;
        for (int i = first; i < _layers.Length; i++)
        {
            List<LayerItem> items = await ItemsAsync(i, cancel).ConfigureAwait(false);
            var draft = new LayerDraft(below.Root);
            foreach (LayerItem item in items) draft.Add(item);
            DraftNode layer = draft.Resolve();
            if (i < _layers.Length - 1) below = below.Apply(items);
            stack = stack is null ? layer : DraftStack.Over(layer, stack);
        }
        return stack ?? DraftNode.Directory();
    }

    private async Task<List<LayerItem>> ItemsAsync(int index, CancellationToken cancel)
    {
        ImageLayer layer = _layers[index];
        Layer known = await _store.ImportAsync(EditFaults.Held(layer.Blob), layer.DiffId, _source, cancel: cancel).ConfigureAwait(false);
        LayerStreamOrigin? origin = _origins.FirstOrDefault(seen => _order[seen] == index);
        if (origin is null)
        {
            origin = new(_store, layer.DiffId);
            _origins.Add(origin);
            _order[origin] = index;
        }
        return [.. known.Toc.Entries.Select(entry => new LayerItem(entry, origin))];
    }
}
