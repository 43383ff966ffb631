using ImageKit.Contexts;
using ImageKit.Oci;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>The build context, or a named one, as a source of COPY.</summary>
/// <param name="Context">The files.</param>
internal sealed record ContextOperation(BuildContext Context) : SourceOperation
{
    protected internal override ValueTask<Snapshot> OpenAsync(OperationContext context, CancellationToken cancel) =>
        ValueTask.FromResult<Snapshot>(new ContextSnapshot(Context));
}

/// <summary>A context's files: a tree without layers.</summary>
internal sealed class ContextSnapshot(BuildContext context) : Snapshot
{
    public override ValueTask<Tree> GetTreeAsync(CancellationToken cancel) => context.GetTreeAsync(cancel);

    public override async ValueTask<Hash256> GetContentKeyAsync(CancellationToken cancel) => (await context.GetTreeAsync(cancel).ConfigureAwait(false)).ContentKey;
}
