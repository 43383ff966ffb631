namespace ImageKit.Oci;

/// <summary>One entry to be written into a layer.</summary>
/// <param name="Entry">What the layer is to say of it. Offset and, if it is `default`, ContentHash are filled in by the writer.</param>
/// <param name="Origin">Where a regular file's bytes come from; may be null for all else and for empty files.</param>
/// <param name="Source">The entry by which <paramref name="Origin"/> knows the bytes, where it is another than <paramref name="Entry"/>: a file copied to a new path.</param>
public readonly record struct LayerItem(TocEntry Entry, ContentOrigin? Origin = null, TocEntry? Source = null)
{
    /// <summary>What to ask <see cref="Origin"/> for.</summary>
    public TocEntry SourceEntry => Source ?? Entry;
}
