using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>How <see cref="CheckTable"/> checks.</summary>
public sealed record CheckOptions
{
    /// <summary>Value of the build argument <c>BUILDKIT_DOCKERFILE_CHECK</c>, which replaces the file's <c># check=</c>; null if it is not given.</summary>
    public string? Directive { get; init; }

    /// <summary>Indexes of the stages that the build reaches; null to check all stages.</summary>
    public ImmutableHashSet<int>? ReachedStages { get; init; }

    /// <summary>Names of the variables that an image sets; null if the image is not known. Without it only likely misspellings of variables are found in stages on images.</summary>
    public Func<string, IReadOnlyCollection<string>?> ImageVariables { get; init; } = static _ => null;
}
