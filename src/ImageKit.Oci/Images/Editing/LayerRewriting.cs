using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Writes layers again with some entries changed or left out, from tar to tar. A layer in which nothing changes stays the blob that it is.</summary>
internal sealed class LayerRewriting(LayerStore store, IContentSource source, LayerRewrite rewrite)
{
    private readonly ImmutableArray<PathPattern> _strip = [.. rewrite.Strip.Select(text => new PathPattern(text.Trim('/')))];

    public async Task<LayerStack> RunAsync(LayerStack stack, CancellationToken cancel)
    {
        if (!rewrite.Removed.IsEmpty && rewrite.Removed.Max >= stack.Layers.Length) throw EditFaults.NoSuchLayer(rewrite.Removed.Max, stack.Layers.Length);
        stack = stack.Without(rewrite.Removed);
        if (_strip.IsEmpty && rewrite.Time is null && rewrite.LatestTime is null) return stack;
        var layers = ImmutableArray.CreateBuilder<ImageLayer>(stack.Layers.Length);
        foreach (ImageLayer layer in stack.Layers) layers.Add(await RewriteAsync(layer, cancel).ConfigureAwait(false));
        return stack with { Layers = layers.MoveToImmutable() };
    }

    private async Task<ImageLayer> RewriteAsync(ImageLayer layer, CancellationToken cancel)
    {
        Layer known = await store.ImportAsync(EditFaults.Held(layer.Blob), layer.DiffId, source, cancel: cancel).ConfigureAwait(false);
        var origin = new LayerStreamOrigin(store, layer.DiffId);
        await using (origin.ConfigureAwait(false))
        {
            (List<LayerItem> items, bool changed) = Change(known.Toc, origin);
            return changed ? await store.WriteLayerAsync(items, CompressionOf(layer.Blob), cancel).ConfigureAwait(false) : layer;
        }
    }

    private (List<LayerItem> Items, bool Changed) Change(TableOfContents toc, LayerStreamOrigin origin)
    {
        List<LayerItem> items = new(toc.Entries.Length);
        Dictionary<string, TocEntry> stripped = new(StringComparer.Ordinal); // files that hard links may still name
        Dictionary<string, string> movedTo = new(StringComparer.Ordinal); // the first such link is the file now
        bool changed = false;
        foreach (TocEntry entry in toc.Entries)
        {
            if (_strip.Any(pattern => pattern.Matches(entry.Path)))
            {
                changed = true;
                stripped[entry.Path] = entry;
                continue;
            }
            TocEntry timed = At(entry);
            changed |= !ReferenceEquals(timed, entry);
            items.Add(entry.Kind == EntryKind.Hardlink && stripped.TryGetValue(entry.LinkTarget!, out TocEntry? gone) ? Relink(timed, gone, movedTo, origin) : new(timed, origin, entry));
        }
        return (items, changed);
    }

    private LayerItem Relink(TocEntry link, TocEntry gone, Dictionary<string, string> movedTo, LayerStreamOrigin origin)
    {
        if (movedTo.TryGetValue(gone.Path, out string? first)) return new(link with { LinkTarget = first });
        movedTo[gone.Path] = link.Path;
        return new(At(gone) with { Path = link.Path }, origin, gone);
    }

    private TocEntry At(TocEntry entry)
    {
        long seconds = rewrite.Time ?? (rewrite.LatestTime is { } latest && entry.MtimeSeconds >= latest ? latest : entry.MtimeSeconds);
        bool keep = seconds == entry.MtimeSeconds && (entry.MtimeNanoseconds == 0 || (rewrite.Time is null && rewrite.LatestTime != seconds));
        return keep ? entry : entry with { MtimeSeconds = seconds, MtimeNanoseconds = 0 };
    }

    private static LayerCompression CompressionOf(Descriptor blob) => blob.MediaType switch
    {
        _ when blob.MediaType.EndsWith("zstd", StringComparison.Ordinal) => LayerCompression.Zstd,
        _ when blob.MediaType.EndsWith("gzip", StringComparison.Ordinal) => LayerCompression.Gzip,
        _ => LayerCompression.None,
    };
}
