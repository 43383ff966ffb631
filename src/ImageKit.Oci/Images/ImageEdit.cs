using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>What to change of an image, in the order it was said. A value: nothing of it touches a file before it is written.</summary>
public sealed record ImageEdit
{
    /// <summary>What to change inside of the layers that are there; null leaves them as they are, unread.</summary>
    public LayerRewrite? Rewrite { get; init; }

    /// <summary>The new layers, lowest first.</summary>
    public ImmutableArray<LayerEdit> Layers { get; init; } = [];

    /// <summary>The changes of the configuration, in order.</summary>
    public ImmutableArray<ConfigEdit> Config { get; init; } = [];

    /// <summary>Annotations to set on the manifest.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Annotations to take off the manifest.</summary>
    public ImmutableSortedSet<string> RemovedAnnotations { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}

/// <summary>What to change inside of layers. Only layers in which something changes are written again.</summary>
public sealed record LayerRewrite
{
    /// <summary>Patterns of paths to take out: `*` and `?` within a name, `**` for any number of folders; what lies below a match goes too.</summary>
    public ImmutableArray<string> Strip { get; init; } = [];

    /// <summary>The time that every entry gets, in seconds since 1970; null keeps the times.</summary>
    public long? Time { get; init; }

    /// <summary>The latest time that an entry keeps, in seconds since 1970; later ones become this one. Null keeps all.</summary>
    public long? LatestTime { get; init; }

    /// <summary>Layers to take out, counted from 0, the lowest.</summary>
    public ImmutableSortedSet<int> Removed { get; init; } = [];
}
