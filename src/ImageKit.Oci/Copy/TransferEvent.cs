namespace ImageKit.Oci;

/// <summary>News of one blob on its way.</summary>
/// <param name="Blob">Which one.</param>
/// <param name="State">What happened.</param>
/// <param name="Bytes">How many of its bytes were read so far.</param>
public sealed record TransferEvent(Descriptor Blob, TransferState State, long Bytes)
{
    /// <summary>How many bytes the blob has.</summary>
    public long Total => Blob.Size;
}

/// <summary>Where a blob is on its way.</summary>
public enum TransferState
{
    /// <summary>Its bytes begin to move.</summary>
    Started,

    /// <summary>Some more of its bytes moved.</summary>
    Moving,

    /// <summary>It is in the target, whole.</summary>
    Completed,

    /// <summary>The target had it.</summary>
    Skipped,

    /// <summary>The target took it from its neighbour, without moving its bytes.</summary>
    Mounted,
}
