using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Blobs of a layout that nothing in its `index.json` reaches.</summary>
/// <param name="Blobs">Those that went, or would go.</param>
/// <param name="Young">How many stay because they were used too lately: somebody may be about to name them.</param>
public sealed record LayoutSweep(ImmutableArray<StoredBlob> Blobs, int Young)
{
    /// <summary>How many bytes they hold.</summary>
    public long Bytes => Blobs.Sum(blob => blob.Size);

    /// <summary>Deletes what nothing reaches.</summary>
    /// <param name="store">The layout.</param>
    /// <param name="unlessUsedSince">What was written or found later stays: whoever writes an image names it last.</param>
    /// <param name="dryRun">Whether nothing is deleted.</param>
    /// <param name="cancel">Stops the work; what is deleted stays so.</param>
    /// <exception cref="ContentException">A document is broken, so nobody can say what it needs (IK1005, IK110x), or a blob cannot be deleted (IK1003); nothing that is needed is gone.</exception>
    public static async Task<LayoutSweep> RunAsync(LayoutStore store, DateTimeOffset unlessUsedSince, bool dryRun = false, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        StoredBlob[] all = [.. store.EnumerateBlobs()]; // before it is asked what is needed: what comes later is young
        HashSet<Digest> needed = await ContentReach.FindAsync(store, (await store.ListAsync(cancel).ConfigureAwait(false)).Select(tag => tag.Root), cancel).ConfigureAwait(false);
        var gone = ImmutableArray.CreateBuilder<StoredBlob>();
        int young = 0;
        foreach (StoredBlob blob in all.Where(blob => !needed.Contains(blob.Digest)).OrderBy(blob => blob.Digest.ToString(), StringComparer.Ordinal))
        {
            if (blob.LastUsed > unlessUsedSince) young++;
            else if (dryRun || await store.DeleteAsync(blob.Digest, unlessUsedSince, cancel).ConfigureAwait(false) > 0) gone.Add(blob);
        }
        return new(gone.ToImmutable(), young);
    }
}
