namespace ImageKit.Registry;

/// <summary>What makes one endpoint another than the next: requests to equal ones share connections, logins and what was learnt.</summary>
internal sealed record EndpointKey(RegistryHost Host)
{
    /// <summary>`https` or `http` where that is said; null for TLS, and without it where that is allowed.</summary>
    public string? Scheme { get; init; }

    /// <summary>How it is secured.</summary>
    public EndpointTls Tls { get; init; } = EndpointTls.Standard;

    /// <summary>Whether it stands in for another: then it is only ever read from.</summary>
    public bool IsMirror { get; init; }

    /// <summary>Headers sent along, `NAME: VALUE` line by line.</summary>
    public string Headers { get; init; } = "";

    /// <summary>How long to wait for a connection; null for the usual time.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    // Headers hold secrets.
    public override string ToString() => $"{Scheme ?? "any"}://{Host}";
}
