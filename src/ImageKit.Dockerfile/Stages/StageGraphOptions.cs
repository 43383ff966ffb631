namespace ImageKit.Dockerfile;

/// <summary>For which target and with which arguments a <see cref="StageGraph"/> is made.</summary>
public sealed record StageGraphOptions
{
    /// <summary>Name (in any case) or number of the stage to build; null or empty for the last one.</summary>
    public string? Target { get; init; }

    /// <summary>Value that the caller gave for a build argument; null if none was given. Counts only for declared ARGs.</summary>
    public Func<string, string?> BuildArgs { get; init; } = static _ => null;

    /// <summary>
    /// Value of an argument that needs no declaration before FROM (<c>TARGETPLATFORM</c>, <c>BUILDARCH</c> …); null for other
    /// names. <c>TARGETSTAGE</c> is known without it. A build argument of the same name wins.
    /// </summary>
    public Func<string, string?> Predefined { get; init; } = static _ => null;
}
