namespace ImageKit.Registry;

/// <summary>What an endpoint may be asked for.</summary>
[Flags]
public enum EndpointUses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Turning a tag into a digest.</summary>
    Resolve = 1,

    /// <summary>Manifests and blobs by digest.</summary>
    Pull = 2,

    /// <summary>Taking content. Noted as a file says it; ImageKit pushes to the registry of the name alone, whatever a mirror may do.</summary>
    Push = 4,

    /// <summary>Listing what refers to a manifest.</summary>
    Referrers = 8,

    /// <summary>Everything.</summary>
    All = Resolve | Pull | Push | Referrers,
}
