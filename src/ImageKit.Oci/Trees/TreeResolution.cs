namespace ImageKit.Oci;

/// <summary>How a look-up in a <see cref="Tree"/> ended.</summary>
public enum TreeLookup
{
    /// <summary>There is a node.</summary>
    Found,

    /// <summary>A name is missing.</summary>
    Missing,

    /// <summary>A name in the middle is a file.</summary>
    NotDirectory,

    /// <summary>More than 40 links had to be followed.</summary>
    Loop,
}

/// <summary>Where a path leads in a <see cref="Tree"/>.</summary>
/// <param name="Lookup">How it ended.</param>
/// <param name="Node">The node found, else null.</param>
/// <param name="Path">The path without links, as in <see cref="TocEntry.Path"/>; of what is missing, where it would be; of a loop, where it was noticed; of a file in the middle, the file's.</param>
public readonly record struct TreeResolution(TreeLookup Lookup, TreeNode? Node, string Path);
