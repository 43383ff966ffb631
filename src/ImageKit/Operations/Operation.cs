using System.Collections.Immutable;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>
/// One node of the graph of a build, as data. Nodes are told apart by reference: comparing two by value would walk all their inputs.
/// Closed: a <see cref="SourceOperation"/> or a <see cref="LayerOperation"/>.
/// </summary>
internal abstract record Operation
{
    private protected Operation()
    {
    }

    /// <summary>What users see of it; null for nodes that are no step.</summary>
    public BuildStep? Step { get; init; }

    /// <summary>The nodes that have to be solved before.</summary>
    public virtual ImmutableArray<Operation> Inputs => [];
}

/// <summary>A node that brings something from outside; it has no key, for what it brings has one.</summary>
internal abstract record SourceOperation : Operation
{
    /// <summary>Opens it; reads as little as it can.</summary>
    protected internal abstract ValueTask<Snapshot> OpenAsync(OperationContext context, CancellationToken cancel);
}

/// <summary>A node that puts one layer on its first input.</summary>
internal abstract record LayerOperation : Operation
{
    /// <summary>
    /// Writes all that the layer depends on, and nothing else: own fields, and the content keys of what is used of the inputs.
    /// False if the bytes of some files are not known yet: then the layer is made first, and its key is asked for again.
    /// </summary>
    protected internal abstract ValueTask<bool> TryWriteKeyAsync(KeyWriter key, ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel);

    /// <summary>
    /// Writes what of the key is known without reading files: all but their bytes. False for operations that read none, or always need to.
    /// Where such a layer was made before, files are read for the key alone: a checkout anew, a tree that was touched.
    /// </summary>
    protected internal virtual ValueTask<bool> TryWriteShapeAsync(KeyWriter key, ImmutableArray<Snapshot> inputs, CancellationToken cancel) => ValueTask.FromResult(false);

    /// <summary>Reads the files that are not known, so that <see cref="TryWriteKeyAsync"/> knows the key.</summary>
    protected internal virtual Task ReadFilesAsync(ImmutableArray<Snapshot> inputs, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Makes the layer.</summary>
    protected internal abstract Task<LayerResult> RunAsync(ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel);
}
