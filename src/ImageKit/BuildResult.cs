using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <summary>What a build made.</summary>
public sealed record BuildResult
{
    /// <summary>The manifest, or the index of a build for several platforms.</summary>
    public required Descriptor Root { get; init; }

    /// <summary>The digest of <see cref="Root"/>.</summary>
    public Digest Digest => Root.Digest;

    /// <summary>The first name it got, with its tag; its digest as text if it got none.</summary>
    public required string Reference { get; init; }

    /// <summary>One image a platform, in the order asked for.</summary>
    public required ImmutableArray<PlatformImage> Images { get; init; }

    /// <summary>The steps in the order of the Dockerfile.</summary>
    public required ImmutableArray<StepResult> Steps { get; init; }

    /// <summary>What was handed over where, in order.</summary>
    public required ImmutableArray<Exported> Outputs { get; init; }

    /// <summary>What is not as it should be; doubtful lines of the Dockerfile among them.</summary>
    public required ImmutableArray<string> Warnings { get; init; }
}

/// <summary>The image for one platform.</summary>
/// <param name="Platform">The platform.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Config">Its configuration; its digest is what Docker calls the image's id.</param>
public sealed record PlatformImage(Platform Platform, Descriptor Manifest, Descriptor Config);

/// <summary>How a step went.</summary>
/// <param name="Step">The step.</param>
/// <param name="Cached">Whether an equal step had run before.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Layer">The diffID of the layer it made; `default` if it makes none.</param>
public sealed record StepResult(BuildStep Step, bool Cached, TimeSpan Elapsed, Digest Layer);
