namespace ImageKit.Registry;

/// <summary>How long to wait for what. There is no limit on a whole transfer: as long as bytes move, it goes on.</summary>
public sealed record RegistryTimeouts
{
    /// <summary>For a connection with its TLS handshake. 15 seconds unless set.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>From the last byte of a request to the head of the answer. 60 seconds unless set: registries verify an upload before they answer.</summary>
    public TimeSpan Header { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For a connection to a mirror, where there is another place to go to. 5 seconds unless set.</summary>
    public TimeSpan MirrorConnect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For the head of a mirror's answer. 15 seconds unless set.</summary>
    public TimeSpan MirrorHeader { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The least that a mirror has to send in a second, over ten of them, while there is another place to go to. 32 KiB unless set; 0 for any.</summary>
    public int MirrorBytesPerSecond { get; init; } = 32 * 1024;

    /// <summary>Between two moments in which bytes moved. 30 seconds unless set.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);
}
