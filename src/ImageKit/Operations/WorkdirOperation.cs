using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Snapshots;

namespace ImageKit.Operations;

/// <summary>WORKDIR: makes a directory, of the current user, unless it is there.</summary>
/// <param name="Base">What it is made in.</param>
/// <param name="Path">The directory, absolute.</param>
/// <param name="User">The current user as text; null for root.</param>
/// <param name="Time">The time of what is made.</param>
internal sealed record WorkdirOperation(Operation Base, string Path, string? User, EntryTime Time) : LayerOperation
{
    private const int Mode = 0x1ED; // 0755

    /// <inheritdoc cref="CopyOperation.Compression"/>
    public LayerCompression? Compression { get; init; }

    public override ImmutableArray<Operation> Inputs => [Base];

    protected internal override async ValueTask<bool> TryWriteKeyAsync(KeyWriter key, ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
    {
        key.Tag("workdir/1").Text("path", Path).Text("user", User).Text("time", Time.KeyText)
            .Content("base", await inputs[0].GetContentKeyAsync(cancel).ConfigureAwait(false));
        return true;
    }

    protected internal override async Task<LayerResult> RunAsync(ImmutableArray<Snapshot> inputs, OperationContext context, CancellationToken cancel)
    {
        Tree below = await inputs[0].GetTreeAsync(cancel).ConfigureAwait(false);
        Owner owner = User is null ? Owner.Root : (await ProcessUser.FindAsync(below, User, cancel).ConfigureAwait(false)).Owner;
        LayerDraft draft = new(below, Time);
        draft.EnsureDirectory(draft.Resolve(Path, followLast: true), owner, Mode);
        PendingLayer pending = await context.Layers.WriteAsync(draft.Finish(), new LayerWriteOptions { Compression = Compression }, cancel).ConfigureAwait(false);
        return new(pending.Layer.DiffId, pending);
    }
}
