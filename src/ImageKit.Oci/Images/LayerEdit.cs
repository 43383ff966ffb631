using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>A layer to be added. Closed: entries below one directory, or a tar as it is.</summary>
public abstract record LayerEdit
{
    private protected LayerEdit()
    {
    }

    /// <summary>What the image's history says of it.</summary>
    internal abstract string Said { get; }
}

/// <summary>A layer to be written: entries below one directory of the image.</summary>
public sealed record FilesLayer : LayerEdit
{
    /// <summary>Where the entries go, absolute: `/app`.</summary>
    public required string Target { get; init; }

    /// <summary>What goes there, in the order it was said; a later entry replaces an earlier one of the same path.</summary>
    public ImmutableArray<LayerContent> Contents { get; init; } = [];

    internal override string Said => $"LAYER {Target}";
}

/// <summary>A layer that lies on this machine as a tar. One compressed with gzip or zstd is taken as it is; others are compressed.</summary>
/// <param name="HostPath">The file.</param>
public sealed record TarLayer(string HostPath) : LayerEdit
{
    internal override string Said => $"APPEND {Path.GetFileName(HostPath)}";
}
