using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>An image in the store, under one of its names.</summary>
public sealed record StoredImage
{
    /// <summary>Its name; null if it has none.</summary>
    public required ImageReference? Name { get; init; }

    /// <summary>Its manifest or index.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The digest of the configuration: what Docker calls the image's id. Of an index, the one for this machine's platform, else the first.</summary>
    public required Digest Id { get; init; }

    /// <summary>Its platforms.</summary>
    public required ImmutableArray<Platform> Platforms { get; init; }

    /// <summary>When it was built or pulled here; null if that is not known. Kept outside of the image.</summary>
    public DateTimeOffset? Added { get; init; }

    /// <summary>The compressed bytes of its layers and configurations.</summary>
    public required long Size { get; init; }
}

/// <summary>One image as it is.</summary>
public sealed record ImageInspection
{
    /// <summary>Its names in the store.</summary>
    public required ImmutableArray<ImageReference> Names { get; init; }

    /// <summary>What the name points to: a manifest, or an index that holds <see cref="ManifestDescriptor"/>.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The manifest of one platform.</summary>
    public required Descriptor ManifestDescriptor { get; init; }

    /// <summary>The manifest.</summary>
    public required ImageManifest Manifest { get; init; }

    /// <summary>The configuration.</summary>
    public required ImageConfig Config { get; init; }

    /// <summary>The bytes of <see cref="Root"/>.</summary>
    public required ReadOnlyMemory<byte> RawRoot { get; init; }

    /// <summary>The bytes of the configuration.</summary>
    public required ReadOnlyMemory<byte> RawConfig { get; init; }

    /// <summary>When it was built or pulled here; null if that is not known.</summary>
    public DateTimeOffset? Added { get; init; }
}

/// <summary>One line of an image's history.</summary>
/// <param name="Entry">The entry of the configuration.</param>
/// <param name="Layer">Its layer's blob; null for an entry without a layer.</param>
/// <param name="Size">The compressed bytes of the layer; 0 without one.</param>
public sealed record HistoryLine(HistoryEntry Entry, Descriptor? Layer, long Size);

/// <summary>What was taken away.</summary>
/// <param name="Untagged">Names that point to nothing now.</param>
/// <param name="Deleted">Digests of manifests that are gone.</param>
public sealed record RemoveResult(ImmutableArray<string> Untagged, ImmutableArray<Digest> Deleted);

/// <summary>What was taken away.</summary>
/// <param name="Items">How many blobs, layers and results.</param>
/// <param name="Bytes">How many bytes they held.</param>
public sealed record PruneResult(int Items, long Bytes);

/// <summary>How much room the store takes.</summary>
/// <param name="Areas">One line an area: images, layers, cache, unfinished transfers.</param>
public sealed record DiskUsage(ImmutableArray<DiskUsageArea> Areas);

/// <summary>How much room one area of the store takes.</summary>
/// <param name="Name">`images`, `layers`, `cache`, `uploads`.</param>
/// <param name="Items">How many blobs, layers or results.</param>
/// <param name="Bytes">How many bytes they hold.</param>
/// <param name="Reclaimable">How many of these bytes <see cref="ImageKitClient.PruneAsync"/> with <see cref="PruneOptions.All"/> would give back.</param>
public sealed record DiskUsageArea(string Name, int Items, long Bytes, long Reclaimable);

/// <summary>What a transfer did.</summary>
/// <param name="Reference">The name that was pulled, pushed or copied to; null if it went into a layout.</param>
/// <param name="Root">The manifest or index.</param>
/// <param name="BytesMoved">How many bytes moved; 0 if the target had everything.</param>
/// <param name="BlobsMoved">How many blobs moved.</param>
/// <param name="BlobsSkipped">How many blobs the target had already.</param>
public sealed record TransferResult(ImageReference? Reference, Descriptor Root, long BytesMoved, int BlobsMoved, int BlobsSkipped)
{
    /// <summary>The digest of <see cref="Root"/>.</summary>
    public Digest Digest => Root.Digest;
}

/// <summary>An image that came out of an archive.</summary>
/// <param name="Name">Its name; null if the archive names it not.</param>
/// <param name="Root">Its manifest or index.</param>
public sealed record LoadedImage(ImageReference? Name, Descriptor Root);
