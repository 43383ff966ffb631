using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>What a build of one target takes from outside: arguments, secrets, ssh agents, caches. As BuildKit's <c>--call outline</c>.</summary>
public sealed record BuildOutline
{
    internal BuildOutline()
    {
    }

    /// <summary>The target's name; empty if it has none.</summary>
    public required string Target { get; init; }

    /// <summary>What the comment above the target's FROM says of it (<c># name description</c>); empty if there is none.</summary>
    public required string Description { get; init; }

    /// <summary>The build arguments that the target or a stage it needs uses, in file order.</summary>
    public required ImmutableArray<OutlineArgument> Arguments { get; init; }

    /// <summary>The secrets that its RUNs mount, in file order.</summary>
    public required ImmutableArray<OutlineMount> Secrets { get; init; }

    /// <summary>The ssh agents that its RUNs mount, in file order.</summary>
    public required ImmutableArray<OutlineMount> SshAgents { get; init; }

    /// <summary>The caches that its RUNs mount, in file order.</summary>
    public required ImmutableArray<OutlineMount> Caches { get; init; }

    /// <summary>Makes the outline of a graph's target. Without a target it is empty; the graph's diagnostics say why there is none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="graph">Its stages, made with the build arguments of the caller.</param>
    /// <param name="options">The options the graph was made with.</param>
    public static BuildOutline Of(DockerfileSyntax file, StageGraph graph, StageGraphOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        return new OutlineBuilder(file, graph, options).Build();
    }
}

/// <summary>A build argument of an outline.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value it has in this build; null if it has none.</param>
/// <param name="Description">What the comment above its ARG says of it; empty if there is none.</param>
/// <param name="Span">Where it is declared.</param>
public sealed record OutlineArgument(string Name, string? Value, string Description, SourceSpan Span);

/// <summary>A mount of an outline.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsRequired">Whether the build fails without it.</param>
/// <param name="Span">Where it is first mounted.</param>
public sealed record OutlineMount(string Id, bool IsRequired, SourceSpan Span);
