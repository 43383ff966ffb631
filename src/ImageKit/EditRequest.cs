using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>What to change of an image without building it, and where the result goes.</summary>
/// <param name="Source">The image or index: a name in the store, else in a registry; or <c>oci-layout://DIRECTORY[:TAG|@DIGEST]</c>.</param>
public sealed record EditRequest(string Source)
{
    /// <summary>What to do, one step on the result of the one before.</summary>
    public ImmutableArray<EditStep> Steps { get; init; } = [];

    /// <summary>The platforms that the result is to have; empty for all of the source. One makes an image, several an index.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];

    /// <summary>Whether attestations of images that change stay in the index, though they speak of the image from before.</summary>
    public bool KeepAttestations { get; init; }

    /// <summary>Asks the registry even for images that are in the store.</summary>
    public bool Pull { get; init; }

    /// <summary>How new layers are compressed.</summary>
    public LayerCompression Compression { get; init; } = LayerCompression.Gzip;

    /// <summary>The time that new layers and lines of the history bear; null for SOURCE_DATE_EPOCH of the environment, else second 0.</summary>
    public SourceEpoch? Epoch { get; init; }

    /// <summary>The names that the result gets in the store. If there is neither a name nor an output, it is stored without one.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Where else the result goes. What is pushed alone is not stored here: layers that the registry has are then not even downloaded.</summary>
    public ImmutableArray<Output> Outputs { get; init; } = [];
}

/// <summary>What an edit made.</summary>
public sealed record EditResult
{
    /// <summary>The manifest or index.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>What was handed over.</summary>
    public required ImmutableArray<Exported> Outputs { get; init; }

    /// <summary>Whether the result is something else than the source.</summary>
    public required bool Changed { get; init; }

    /// <summary>The digest of <see cref="Root"/>.</summary>
    public Digest Digest => Root.Digest;
}
