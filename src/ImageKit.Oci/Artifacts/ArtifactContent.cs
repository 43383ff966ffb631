using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Anything that is no image, to be kept beside images: charts, bills of materials, signatures, models.</summary>
public sealed record ArtifactContent
{
    /// <summary>What kind of artifact it is, a media type such as `application/spdx+json`.</summary>
    public required string ArtifactType { get; init; }

    /// <summary>Its files, in this order; none for an artifact that is its annotations.</summary>
    public ImmutableArray<ArtifactFile> Files { get; init; } = [];

    /// <summary>Free notes.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The manifest that it is about; null if it stands alone.</summary>
    public Descriptor? Subject { get; init; }
}
