using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>The stages of a Dockerfile and what they need of each other, for one target and one platform.</summary>
public sealed record StageGraph
{
    internal StageGraph()
    {
    }

    /// <summary>All stages in file order.</summary>
    public required ImmutableArray<Stage> Stages { get; init; }

    /// <summary>The stage to be built; null if there is no such stage (then a diagnostic says so).</summary>
    public required Stage? Target { get; init; }

    /// <summary>The stages that the target needs, itself last, each after those it needs.</summary>
    public required ImmutableArray<Stage> Needed { get; init; }

    /// <summary>Values of the ARGs before the first FROM; null where one has neither a default nor a build argument.</summary>
    public required ImmutableDictionary<string, string?> GlobalArgs { get; init; }

    /// <summary>What is wrong: unknown target, cycles, stages used before they are defined, FROMs that do not expand.</summary>
    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }

    /// <summary>Finds the stages and resolves what they are based on.</summary>
    /// <param name="file">The file; faulty instructions in it are passed over.</param>
    /// <param name="options">Target and arguments.</param>
    public static StageGraph Create(DockerfileSyntax file, StageGraphOptions options) => throw new NotImplementedException();

    /// <summary>What the value of <c>COPY --from</c> or of a mount's <c>from</c> means in a stage.</summary>
    /// <param name="user">The stage that uses it.</param>
    /// <param name="name">The value: name or number of a stage, named context or image.</param>
    public StageSource Resolve(Stage user, string name) => throw new NotImplementedException();

    /// <summary>The same graph after the ONBUILD triggers of images became known; <see cref="Needed"/> may grow by them.</summary>
    /// <param name="triggers">Triggers of the base image by <see cref="Stage.Index"/>, as the image's config stores them.</param>
    public StageGraph WithTriggers(IReadOnlyDictionary<int, ImmutableArray<string>> triggers) => throw new NotImplementedException();
}
