using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>How <see cref="CheckTable"/> checks, and what the caller knows that does not stand in the file. All is optional: a check that lacks something it needs finds less.</summary>
public sealed record CheckOptions
{
    /// <summary>Value of the build argument <c>BUILDKIT_DOCKERFILE_CHECK</c>, which replaces the file's <c># check=</c>; null if it is not given.</summary>
    public string? Directive { get; init; }

    /// <summary>Whether what other builders do silently is an error; see <see cref="Check.IsSilentElsewhere"/>.</summary>
    public bool Strict { get; init; }

    /// <summary>Name or number of the stage to build; null for the last one.</summary>
    public string? Target { get; init; }

    /// <summary>Indexes of the stages that the build reaches; null to check all stages.</summary>
    public ImmutableHashSet<int>? ReachedStages { get; init; }

    /// <summary>Names of the variables that an image sets; null if the image is not known. Without it only likely misspellings of variables are found in stages on images.</summary>
    public Func<string, IReadOnlyCollection<string>?> ImageVariables { get; init; } = static _ => null;

    /// <summary>The image that was found for a stage's FROM; null if none was looked for.</summary>
    public Func<Stage, FoundBase?> FindBase { get; init; } = static _ => null;

    /// <summary>Names that the caller gives contexts to (<c>--build-context</c>); they are no images.</summary>
    public IReadOnlyCollection<string> NamedContexts { get; init; } = [];

    /// <summary>The patterns of the build context's ignore file; null if they are not known.</summary>
    public IgnorePatterns? Ignore { get; init; }

    /// <summary>How many paths of the build context a source of COPY or ADD matches, ignored ones left out; null if that is not known.</summary>
    public Func<string, int?> CountMatches { get; init; } = static _ => null;
}

/// <summary>An image that was found for a FROM.</summary>
/// <param name="Image">Its name.</param>
/// <param name="Platform">The platform that it is for.</param>
/// <param name="Expected">The platform that the build wants.</param>
public sealed record FoundBase(string Image, string Platform, string Expected);
