namespace ImageKit;

/// <summary>What <see cref="ImageKitClient.PruneAsync"/> takes away. Whatever a tag of the store names stays.</summary>
public sealed record PruneOptions
{
    /// <summary>Only what was not used for so long; zero for everything that nothing running needs.</summary>
    public TimeSpan OlderThan { get; init; } = TimeSpan.Zero;

    /// <summary>Stop once this many bytes of prunable things are left; 0 for none.</summary>
    public long KeepBytes { get; init; }

    /// <summary>Whether the results of steps and what belongs to them (layers, cache mounts) go as well, not only what nothing refers to.</summary>
    public bool All { get; init; }
}
