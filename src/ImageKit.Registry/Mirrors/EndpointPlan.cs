using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Where an image is looked for, in which order, and why there.</summary>
public sealed record EndpointPlan
{
    /// <summary>The image.</summary>
    public required ImageReference Reference { get; init; }

    /// <summary>The endpoints in the order in which they are asked, the registry itself last; those that are not used say why.</summary>
    public required ImmutableArray<PlannedEndpoint> Endpoints { get; init; }

    /// <summary>The rule that decides; null if none does.</summary>
    public MirrorRule? Rule { get; init; }

    /// <summary>The kind of file that the rule is from; null if none decides.</summary>
    public string? Format { get; init; }

    /// <summary>Rules of other files that match too and do not count, as an earlier file decides.</summary>
    public ImmutableArray<MirrorRule> Passed { get; init; } = [];

    /// <summary>The rule that forbids asking the registry for anything, or null.</summary>
    public MirrorRule? BlockedBy { get; init; }

    /// <summary>Who says what a tag means.</summary>
    public TagPolicy Tags { get; init; }

    /// <summary>What becomes of mirrors where there is a login.</summary>
    public LoginPolicy Logins { get; init; }

    /// <summary>In which order the mirrors are asked; <see cref="Endpoints"/> are as listed.</summary>
    public MirrorOrder Order { get; init; }

    /// <summary>Whether the name is blocked: neither read nor written.</summary>
    public bool IsBlocked => BlockedBy is not null;

    /// <summary>The endpoints that are used.</summary>
    public IEnumerable<PlannedEndpoint> Used => IsBlocked ? [] : Endpoints.Where(endpoint => endpoint.IsUsed);

    /// <summary>The registry itself, which is asked last.</summary>
    public PlannedEndpoint Upstream => Endpoints[^1];

    /// <summary>The plan by the files of this machine.</summary>
    /// <exception cref="ImageKitException">A file is broken (IK2040).</exception>
    public static EndpointPlan For(ImageReference reference) => For(reference, MirrorConfiguration.OfMachine());

    /// <summary>The plan by given files.</summary>
    /// <exception cref="ImageKitException">A file is broken (IK2040).</exception>
    public static EndpointPlan For(ImageReference reference, params ImmutableArray<IMirrorSource> sources) => For(reference, MirrorConfiguration.Of(sources));

    /// <summary>The plan by a configuration.</summary>
    /// <exception cref="ImageKitException">A file is broken (IK2040).</exception>
    public static EndpointPlan For(ImageReference reference, MirrorConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.ThrowIfBroken();
        return new EndpointPlanning(reference, configuration).Plan();
    }

    /// <summary>Fails if the name is blocked.</summary>
    /// <exception cref="ImageKitException">It is (IK2044).</exception>
    public void ThrowIfBlocked()
    {
        if (BlockedBy is { } rule) throw new Block(Reference.Familiar, rule).Error;
    }
}
