using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What the flags and heredocs of a RUN say.</summary>
internal sealed record RunOptions
{
    public required ImmutableArray<MountFlag> Mounts { get; init; }

    public required RunNetwork Network { get; init; }

    public required RunSecurity Security { get; init; }

    public required ImmutableArray<DeviceFlag> Devices { get; init; }

    public required Heredoc? SoleHeredoc { get; init; }
}
