using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>The layers of an image with the history that goes with them.</summary>
/// <param name="Layers">The layers, lowest first.</param>
/// <param name="History">The history; null where the image has none.</param>
internal readonly record struct LayerStack(ImmutableArray<ImageLayer> Layers, ImmutableArray<HistoryEntry>? History)
{
    /// <summary>Takes layers out, each with its line of the history.</summary>
    public LayerStack Without(ImmutableSortedSet<int> removed)
    {
        if (removed.IsEmpty) return this;
        int layer = 0;
        return new([.. Layers.Where((_, index) => !removed.Contains(index))],
            History is { } lines ? [.. lines.Where(line => line.EmptyLayer == true || !removed.Contains(layer++))] : null);
    }

    /// <summary>How many lines of the history belong to the lowest layers, with the empty ones before and between them.</summary>
    public int LinesOf(int layers)
    {
        int line = 0;
        for (int left = layers; History is { } lines && line < lines.Length && left > 0; line++)
            if (lines[line].EmptyLayer != true) left--;
        return line;
    }
}
