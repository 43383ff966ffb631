using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>A layer to be written: entries below one directory of the image.</summary>
public sealed record LayerEdit
{
    /// <summary>Where the entries go, absolute: `/app`.</summary>
    public required string Target { get; init; }

    /// <summary>What goes there, in the order it was said; a later entry replaces an earlier one of the same path.</summary>
    public ImmutableArray<LayerContent> Contents { get; init; } = [];
}
