using System.Collections.Immutable;
using ImageKit.Dockerfile;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit.Lowering;

/// <summary>All that lowering one platform needs; every outside name is resolved.</summary>
internal sealed record LoweringInput
{
    /// <summary>The stages.</summary>
    public required StageGraph Graph { get; init; }

    /// <summary>The Dockerfile's escape character.</summary>
    public required char Escape { get; init; }

    /// <summary>The Dockerfile's name as the user gave it.</summary>
    public required string File { get; init; }

    /// <summary>The platform to build for.</summary>
    public required Platform Platform { get; init; }

    /// <summary>Images and contexts by the names the Dockerfile uses.</summary>
    public required IReadOnlyDictionary<OutsideKey, OutsideName> Names { get; init; }

    /// <summary>The build context.</summary>
    public required Operation Context { get; init; }

    /// <summary>The build arguments.</summary>
    public required IReadOnlyDictionary<string, string> BuildArgs { get; init; }

    /// <summary>Arguments that are known without ARG before FROM, such as TARGETARCH.</summary>
    public required Func<string, string?> Predefined { get; init; }

    /// <summary>Labels over the Dockerfile's own.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Whether silent behaviours are errors.</summary>
    public bool Strict { get; init; }

    /// <summary>The files of secrets by id.</summary>
    public ImmutableDictionary<string, SecretFile> Secrets { get; init; } = ImmutableDictionary<string, SecretFile>.Empty;

    /// <summary>The time of what is made.</summary>
    public EntryTime Time { get; init; }

    /// <summary>What new layers are compressed with while they are written, where they are known to be exported; null for never.</summary>
    public LayerCompression? Compression { get; init; }

    /// <summary>What steps' names begin with when there are several platforms; empty for one.</summary>
    public string StepPrefix { get; init; } = "";

    /// <summary>The number of the first step.</summary>
    public int FirstStep { get; init; } = 1;
}

/// <summary>A secret's value in a file of this build.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">The value.</param>
internal sealed record SecretFile(string Path, Func<string> Text);

/// <summary>A name outside of the Dockerfile, and the platform it is wanted for.</summary>
/// <param name="Name">The name, variables expanded.</param>
/// <param name="Platform">The platform as text.</param>
internal readonly record struct OutsideKey(string Name, string Platform);

/// <summary>What a name outside the Dockerfile stands for. Closed.</summary>
internal abstract record OutsideName;

/// <summary>An image.</summary>
/// <param name="Operation">Its layers.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Display">Its full name.</param>
/// <param name="Reference">Where in a registry it is; null if it is in none.</param>
internal sealed record OutsideImage(Operation Operation, ImageConfig Config, string Display, ImageReference? Reference) : OutsideName;

/// <summary>A directory.</summary>
/// <param name="Operation">Its files.</param>
internal sealed record OutsideDirectory(Operation Operation) : OutsideName;

/// <summary>What lowering gives: one image, not yet made.</summary>
/// <param name="Platform">Its platform.</param>
/// <param name="Head">What makes its files.</param>
/// <param name="Config">Its configuration without layers.</param>
/// <param name="BaseReference">Where in a registry its base is; null if in none.</param>
/// <param name="NextStep">The number behind the last step's.</param>
internal sealed record LoweredImage(Platform Platform, Operation Head, ImageConfig Config, ImageReference? BaseReference, int NextStep);
