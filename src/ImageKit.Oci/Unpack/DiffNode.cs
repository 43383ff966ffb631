using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>A name found in a changed root filesystem, and whether it belongs into the layer.</summary>
internal sealed class DiffNode(TocEntry entry, FileStatus status)
{
    public TocEntry Entry { get; set; } = entry;

    public FileStatus Status { get; } = status;

    /// <summary>Whether it is new or differs from the lower tree's. A directory is written too if something below it is.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Sorted by name; empty for all but directories.</summary>
    public List<DiffNode> Children { get; } = [];

    /// <summary>Names of the lower tree that are gone, sorted.</summary>
    public List<string> Deleted { get; } = [];

    /// <summary>Whether those are all that the lower tree has here, and more than one.</summary>
    public bool IsOpaque { get; set; }
}
