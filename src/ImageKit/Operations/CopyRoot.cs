using ImageKit.Oci;

namespace ImageKit.Operations;

/// <summary>One thing that COPY copies: what one source, or one match of a wildcard, stands for.</summary>
/// <param name="Name">The name it gets inside a destination directory; with <paramref name="KeepsPath"/> a path.</param>
/// <param name="Node">The file or directory, links followed.</param>
/// <param name="KeepsPath">Whether it keeps its path from the root (`--parents`), a directory included.</param>
/// <param name="Entries">All that is below and including <paramref name="Node"/>, without what is excluded; paths relative to it.</param>
internal sealed record CopyRoot(string Name, TreeNode Node, bool KeepsPath, List<CopyEntry> Entries)
{
    /// <summary>Whether its contents go into the destination rather than itself.</summary>
    public bool IsDirectory => Node.Entry.Kind == EntryKind.Directory;

    /// <summary>The directories above it that are copied with it (`--parents`), the outermost first; paths as in <see cref="Name"/>.</summary>
    public IReadOnlyList<CopyEntry> Parents { get; init; } = [];
}

/// <summary>One file, directory or link to be copied.</summary>
/// <param name="Path">Its path relative to the root it belongs to; empty for that itself.</param>
/// <param name="Node">What it is.</param>
internal readonly record struct CopyEntry(string Path, TreeNode Node);
