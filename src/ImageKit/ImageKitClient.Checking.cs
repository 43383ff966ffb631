using System.Collections.Immutable;
using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Lowering;
using ImageKit.Oci;

namespace ImageKit;

/// <content>Looking at Dockerfiles without building them.</content>
public sealed partial class ImageKitClient
{
    /// <summary>Reads the Dockerfile of a request and the stages in it. Builds nothing and asks no registry.</summary>
    /// <param name="build">The request; target, arguments, platform and context count.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="BuildException">The context or the Dockerfile is not there, or the ignore file is faulty (IK4003, IK4008, IK4009).</exception>
    public async Task<DockerfilePlan> ReadAsync(DockerfileBuild build, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        BuildSession session = new(_options, build, Registry, new(null));
        await using var closing = session.ConfigureAwait(false);
        BuildSource source = await BuildSource.OpenAsync(build, session.Opener, session.Context.Scratch, cancel).ConfigureAwait(false);
        await using var context = source.Context.ConfigureAwait(false);
        return Plan(build, source);
    }

    /// <summary>
    /// Checks the Dockerfile of a request in all its stages, with the ignore file and the files of the context. Builds nothing; asks for images only if the
    /// request says <see cref="DockerfileBuild.Pull"/>, and then knows their variables and platforms too.
    /// </summary>
    /// <param name="build">The request; its argument BUILDKIT_DOCKERFILE_CHECK replaces the file's <c># check=</c>.</param>
    /// <param name="cancel">Stops the check.</param>
    /// <exception cref="BuildException">The context or the Dockerfile is not there, or the ignore file is faulty (IK4003, IK4008, IK4009).</exception>
    public async Task<DockerfileCheck> CheckAsync(DockerfileBuild build, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        BuildSession session = new(_options, build, Registry, new(null));
        await using var closing = session.ConfigureAwait(false);
        BuildSource source = await BuildSource.OpenAsync(build, session.Opener, session.Context.Scratch, cancel).ConfigureAwait(false);
        await using var context = source.Context.ConfigureAwait(false);
        DockerfilePlan plan = Plan(build, source);
        CheckOptions options = BuildChecks.Options(build, source) with
        {
            CountMatches = await BuildChecks.MatchesAsync(plan.Syntax.Instructions, source, cancel).ConfigureAwait(false),
        };
        if (build.Pull && !plan.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error))
        {
            Platform platform = build.Platforms.IsDefaultOrEmpty ? Platform.Local : build.Platforms[0];
            (_, ImmutableDictionary<OutsideKey, OutsideName> names) = await session.Names.ResolveAsync(plan.Graph, platform, source.File, cancel).ConfigureAwait(false);
            options = BuildChecks.WithImages(options, names, platform);
        }

        CheckReport report = CheckTable.Run(plan.Syntax, options);
        return new(plan, report with { Diagnostics = [.. plan.Diagnostics.Concat(report.Diagnostics).OrderBy(diagnostic => diagnostic.Span.Start)] });
    }

    private static DockerfilePlan Plan(DockerfileBuild build, BuildSource source)
    {
        DockerfileSyntax syntax = DockerfileParser.Parse(source.Text);
        StageGraphOptions options = BuildPlan.GraphOptions(build, build.Platforms.IsDefaultOrEmpty ? Platform.Local : build.Platforms[0]);
        return new(source.File, source.Text, syntax, StageGraph.Create(syntax, options), options);
    }
}

/// <summary>A Dockerfile that was read.</summary>
/// <param name="File">Its name as the user gave it.</param>
/// <param name="Text">Its text.</param>
/// <param name="Syntax">Its tree.</param>
/// <param name="Graph">Its stages, with the request's target, arguments and first platform.</param>
/// <param name="Options">What the stages were found with.</param>
public sealed record DockerfilePlan(string File, string Text, DockerfileSyntax Syntax, StageGraph Graph, StageGraphOptions Options)
{
    /// <summary>What is wrong with it, by position; without what the checks find.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; } =
        [.. Syntax.Diagnostics.Where(diagnostic => diagnostic.Rule is null).Concat(Graph.Diagnostics).OrderBy(diagnostic => diagnostic.Span.Start)];

    /// <summary>What a build of the target takes from outside.</summary>
    public BuildOutline Outline() => BuildOutline.Of(Syntax, Graph, Options);

    /// <summary>The stages that can be built.</summary>
    public ImmutableArray<BuildTarget> Targets() => BuildTarget.AllOf(Graph);
}

/// <summary>A Dockerfile and what the checks found in it.</summary>
/// <param name="Plan">The file.</param>
/// <param name="Report">What was found, errors of the text among it.</param>
public sealed record DockerfileCheck(DockerfilePlan Plan, CheckReport Report);
