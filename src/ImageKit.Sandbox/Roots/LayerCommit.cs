using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>Makes a layer of what a command changed.</summary>
internal sealed class LayerCommit(LayerStore store, LayerTrees trees, UnpackedLayers unpacked, RootStacks stacks, KeeperMode mode)
{
    /// <summary>Writes the layer into the store. An overlay's upper directory is read once and then is the layer's unpacked form.</summary>
    /// <returns>The layer's diffID.</returns>
    /// <exception cref="ContentException">The changes cannot be read (IK1223), or the disk is full (IK1002).</exception>
    public async Task<Digest> CommitAsync(StackedRoot root, RunRequest request, CancellationToken cancel)
    {
        Tree lower = await trees.MergeAsync(request.Layers).ConfigureAwait(false);
        UpperDiffOptions options = new() { Epoch = request.Epoch, OwnersFromLower = mode == KeeperMode.SingleId };
        switch (root)
        {
            case OverlayRoot overlay:
                overlay.Unmount();
                return await CommitAsync(overlay, lower, options, request, cancel).ConfigureAwait(false);
            case CopiedRoot copy:
                return await CommitAsync(copy, lower, options with { UntouchedBefore = copy.Ready }, request, cancel).ConfigureAwait(false);
            default:
                throw new ArgumentException("This is no kind of root filesystem that changes can be read of.", nameof(root));
        }
    }

    private async Task<Digest> CommitAsync(OverlayRoot overlay, Tree lower, UpperDiffOptions options, RunRequest request, CancellationToken cancel)
    {
        Digest diffId;
        using (DirectoryRoot upper = DirectoryRoot.Open(overlay.Upper))
        {
            IReadOnlyList<LayerItem> items = UpperDiff.Read(upper, lower, options);
            diffId = await WriteAsync(items, request.Compression, cancel).ConfigureAwait(false);
            UpperTimes.Set(upper, items, lower, request.Epoch);
        }
        await unpacked.AdoptAsync(diffId, overlay.Upper, cancel).ConfigureAwait(false);
        return diffId;
    }

    private async Task<Digest> CommitAsync(CopiedRoot copy, Tree lower, UpperDiffOptions options, RunRequest request, CancellationToken cancel)
    {
        Digest diffId;
        using (DirectoryRoot directory = DirectoryRoot.Open(copy.Path))
        {
            IReadOnlyList<LayerItem> items = [.. UpperDiff.Compare(directory, lower, options).Where(item => !IsUnmadeDevice(item.Entry, lower))];
            diffId = await WriteAsync(items, request.Compression, cancel).ConfigureAwait(false);
            UpperTimes.Set(directory, items, lower, request.Epoch);
        }
        stacks.Keep(copy, request.Layers.Add(diffId));
        return diffId;
    }

    private async Task<Digest> WriteAsync(IReadOnlyList<LayerItem> items, LayerCompression? compression, CancellationToken cancel)
    {
        PendingLayer pending = await store.WriteAsync(items, new LayerWriteOptions { Compression = compression }, cancel).ConfigureAwait(false);
        await using (pending.ConfigureAwait(false))
        {
            await pending.CommitAsync(cancel).ConfigureAwait(false);
            return pending.Layer.DiffId;
        }
    }

    // A copy made by an ordinary user lacks the devices of its layers: nobody deleted them.
    private bool IsUnmadeDevice(TocEntry entry, Tree lower)
    {
        if (mode == KeeperMode.Root || !Whiteout.IsWhiteout(entry.Name)) return false;
        string path = entry.Path[..^entry.Name.Length] + entry.Name[".wh.".Length..];
        return lower.Find(path)?.Entry.Kind is EntryKind.CharacterDevice or EntryKind.BlockDevice;
    }
}
