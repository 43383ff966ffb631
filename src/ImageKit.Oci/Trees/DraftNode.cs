namespace ImageKit.Oci;

/// <summary>A name of a layer that is being read: what it says itself, and what it deletes of lower layers.</summary>
internal sealed class DraftNode
{
    /// <summary>Null for a directory that the layer needs but does not name.</summary>
    public TocEntry? Entry { get; set; }

    public ContentOrigin? Origin { get; set; }

    public TocEntry? Source { get; set; }

    /// <summary>Null for all but directories.</summary>
    public Dictionary<string, DraftNode>? Children { get; set; }

    /// <summary>Names of lower layers that whiteouts delete.</summary>
    public HashSet<string>? Deleted { get; set; }

    /// <summary>Whether all that lower layers have here is hidden.</summary>
    public bool IsOpaque { get; set; }

    public bool IsDirectory => Children is not null;

    public static DraftNode Directory() => new() { Children = new(StringComparer.Ordinal) };
}
