using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>What to copy of a graph, and how wide.</summary>
public sealed record CopyOptions
{
    /// <summary>How many blobs move at once.</summary>
    public TransferWidth Width { get; init; } = new();

    /// <summary>
    /// The platforms to copy of an index; empty copies all. One platform makes its manifest the root of the copy, several make a new index of
    /// those alone, each with the attestations that belong to it.
    /// </summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];
}
