using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>What a sync did.</summary>
/// <param name="Entries">One for each image, in the order of the rules and tags.</param>
/// <param name="IsDryRun">Whether nothing was written.</param>
public sealed record SyncReport(ImmutableArray<SyncEntry> Entries, bool IsDryRun)
{
    /// <summary>Bytes that moved.</summary>
    public long Bytes => Entries.Sum(entry => entry.Bytes);

    /// <summary>How many images had an outcome.</summary>
    public int Count(SyncOutcome outcome) => Entries.Count(entry => entry.Outcome == outcome);
}
