namespace ImageKit.Registry;

/// <summary>What came from one host over a client's life.</summary>
/// <param name="Host">The registry or mirror.</param>
/// <param name="IsMirror">Whether it stands in for another.</param>
/// <param name="Bytes">Bytes of blobs that it gave.</param>
/// <param name="State">How it does now.</param>
public sealed record HostTraffic(string Host, bool IsMirror, long Bytes, HostState State)
{
    /// <summary>From a request to the head of its answer, a moving average; null if it was not measured.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>How fast its bytes came, a moving average; null if it was not measured.</summary>
    public long? BytesPerSecond { get; init; }
}

/// <summary>How a host does.</summary>
public enum HostState
{
    /// <summary>It is asked.</summary>
    Fit,

    /// <summary>It failed lately, or asked to be left alone, and is passed over for a while.</summary>
    Cooling,

    /// <summary>It gave bytes that were not what was promised, and is asked for nothing more.</summary>
    Quarantined,
}
