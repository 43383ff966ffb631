using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>What to change of an image, in the order it was said. A value: nothing of it touches a file before it is written.</summary>
public sealed record ImageEdit
{
    /// <summary>The new layers, lowest first.</summary>
    public ImmutableArray<LayerEdit> Layers { get; init; } = [];

    /// <summary>The changes of the configuration, in order.</summary>
    public ImmutableArray<ConfigEdit> Config { get; init; } = [];

    /// <summary>Annotations to set on the manifest.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
