using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>In what two images differ.</summary>
public sealed record ImageDifference
{
    /// <summary>Values of manifest and configuration, sorted by name; digests, layers, diffIDs and history are not among them.</summary>
    public required ImmutableArray<ValueChange> Values { get; init; }

    /// <summary>How many of the lowest layers have the same content.</summary>
    public required int SharedLayers { get; init; }

    /// <summary>The layers of the first image above those.</summary>
    public required ImmutableArray<ImageLayer> Removed { get; init; }

    /// <summary>The layers of the second image above those.</summary>
    public required ImmutableArray<ImageLayer> Added { get; init; }

    /// <summary>Layers of the same content whose blobs differ, by another compression: the first image's and the second's.</summary>
    public required ImmutableArray<(Descriptor Before, Descriptor After)> Recompressed { get; init; }

    /// <summary>Files, sorted by path; what is below a directory that is new or gone is listed too.</summary>
    public required ImmutableArray<FileChange> Files { get; init; }

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Values.IsEmpty && Removed.IsEmpty && Added.IsEmpty && Recompressed.IsEmpty && Files.IsEmpty;
}

/// <summary>A value that differs.</summary>
/// <param name="Name">Where it stands, such as `config.User`, `config.Env.PATH` or `manifest.annotations.org.opencontainers.image.title`.</param>
/// <param name="Before">The first image's, a string or JSON; null if it has none.</param>
/// <param name="After">The second image's.</param>
public sealed record ValueChange(string Name, string? Before, string? After);

/// <summary>A path at which the files differ.</summary>
/// <param name="Path">As in <see cref="TocEntry.Path"/>.</param>
/// <param name="Before">The first image's file; null if it has none.</param>
/// <param name="After">The second image's file.</param>
/// <param name="Aspects">In what they differ, if both are there.</param>
public sealed record FileChange(string Path, TocEntry? Before, TocEntry? After, FileAspects Aspects);
