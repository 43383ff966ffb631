using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>What became of one image of a sync.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Source">Where from; empty for a deletion.</param>
/// <param name="Target">Where to.</param>
/// <param name="Outcome">What happened.</param>
public sealed record SyncEntry(string Rule, string Source, string Target, SyncOutcome Outcome)
{
    /// <summary>What the target has now, or would have.</summary>
    public Digest? Digest { get; init; }

    /// <summary>Bytes that moved.</summary>
    public long Bytes { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public ImageKitException? Error { get; init; }

    /// <summary>Why nothing was done, for people; empty if something was.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>What happened to one image of a sync.</summary>
public enum SyncOutcome
{
    /// <summary>The target had it.</summary>
    Unchanged,

    /// <summary>It was copied; with a dry run, it would be.</summary>
    Copied,

    /// <summary>Its tag was deleted from the target; with a dry run, it would be.</summary>
    Deleted,

    /// <summary>It was passed over, as the source's registry allows few pulls more.</summary>
    Skipped,

    /// <summary>It failed; the others went on.</summary>
    Failed,
}
