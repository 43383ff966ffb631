using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What goes along when an image is copied out of a registry.</summary>
public sealed record ImageCopyOptions
{
    /// <summary>Platforms and width.</summary>
    public CopyOptions Content { get; init; } = new();

    /// <summary>Whether what is about the image, or about one of its platforms, goes along: signatures, bills of materials and what is about those.</summary>
    public bool Referrers { get; init; }

    /// <summary>Whether tags made of the image's digest go along, such as `sha256-….sig`, where older tools keep signatures.</summary>
    public bool DigestTags { get; init; }
}
