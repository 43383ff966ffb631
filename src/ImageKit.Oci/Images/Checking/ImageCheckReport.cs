using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>What a check of an image, an index or an artifact found.</summary>
/// <param name="Faults">What is wrong, first with documents, then with blobs, each in the order of the graph; empty if nothing is.</param>
/// <param name="Documents">Manifests, indexes and configurations that were read.</param>
/// <param name="Blobs">Other blobs that were looked at.</param>
/// <param name="Bytes">Bytes of blobs that were read.</param>
public sealed record ImageCheckReport(ImmutableArray<ImageFault> Faults, int Documents, int Blobs, long Bytes)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Faults.IsEmpty;
}

/// <summary>Something that is wrong.</summary>
/// <param name="Place">Where in the graph: the root's digest, then `linux/arm64`, `layer 3` and the like, with ` → ` between.</param>
/// <param name="Error">What is wrong, with its code.</param>
public sealed record ImageFault(string Place, ImageKitException Error);

/// <summary>How thoroughly an image is checked.</summary>
public sealed record ImageCheckOptions
{
    /// <summary>Whether layers and other blobs are only asked for, not read.</summary>
    public bool Fast { get; init; }

    /// <summary>Only these platforms of an index; empty for all.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];
}
