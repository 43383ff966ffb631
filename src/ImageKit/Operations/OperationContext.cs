using ImageKit.Oci;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>What the operations of one build share.</summary>
internal sealed record OperationContext
{
    /// <summary>Reads stacks of layers.</summary>
    public required SnapshotStore Snapshots { get; init; }

    /// <summary>Where layers are written.</summary>
    public required LayerStore Layers { get; init; }

    /// <summary>Runs commands; started when the first one runs.</summary>
    public required LazyKeeper Keeper { get; init; }

    /// <summary>A folder for what need not outlive the operation.</summary>
    public required string Scratch { get; init; }

    /// <summary>Where caches of RUN live.</summary>
    public required string CacheMounts { get; init; }

    /// <summary>Is told what commands write.</summary>
    public IProgress<BuildEvent>? Progress { get; init; }
}
