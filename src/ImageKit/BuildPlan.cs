using System.Collections.Immutable;
using ImageKit.Assembly;
using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Lowering;
using ImageKit.Oci;
using ImageKit.Operations;
using ImageKit.Outputs;

namespace ImageKit;

/// <summary>What a request and a Dockerfile come to: stages a platform, the time, the arguments. Errors in the text end the build here.</summary>
internal sealed record BuildPlan
{
    private const string EpochArgument = "SOURCE_DATE_EPOCH";

    private BuildPlan()
    {
    }

    internal required DockerfileBuild Build { get; init; }

    internal required DockerfileSyntax Syntax { get; init; }

    internal required BuildSource Source { get; init; }

    internal required ImmutableArray<(Platform Platform, StageGraph Graph)> Graphs { get; init; }

    internal required EntryTime Time { get; init; }

    /// <summary>Reads the Dockerfile and tells of all that is wrong or doubtful in it.</summary>
    /// <exception cref="BuildException">It has errors.</exception>
    public static DockerfileSyntax Parse(BuildSource source, BuildReport report)
    {
        DockerfileSyntax syntax = DockerfileParser.Parse(source.Text);
        // The checks tell of what they find themselves; with errors they have their say before the build ends.
        if (syntax.HasErrors) Tell(BuildChecks.BeforeError(syntax).Concat(syntax.Diagnostics.Where(diagnostic => diagnostic.Rule is null)), source, report);
        Tell(syntax.Diagnostics.Where(diagnostic => diagnostic.Rule is null), source, report);
        return syntax;
    }

    /// <summary>Finds the stages of each platform.</summary>
    /// <exception cref="BuildException">A stage is missing or misused, or the time is none (IK4023).</exception>
    public static BuildPlan Make(DockerfileBuild build, DockerfileSyntax syntax, BuildSource source, BuildSession session)
    {
        ImmutableArray<Platform> platforms = build.Platforms.IsDefaultOrEmpty ? [Platform.Local] : [.. build.Platforms.Distinct()];
        var graphs = ImmutableArray.CreateBuilder<(Platform, StageGraph)>();
        foreach (Platform platform in platforms)
        {
            StageGraph graph = StageGraph.Create(syntax, GraphOptions(build, platform));
            Tell(graph.Diagnostics, source, session.Report);
            CheckContexts(build, graph);
            graphs.Add((platform, graph));
        }
        UnusedArguments.Warn(build, syntax, session.Report);
        return new()
        {
            Build = build,
            Syntax = syntax,
            Source = source,
            Graphs = graphs.ToImmutable(),
            Time = TimeOf(build, graphs[0].Item2, session.Time),
        };
    }

    /// <summary>Resolves all outside names and turns the stages into operations.</summary>
    public async Task<ImmutableArray<LoweredImage>> LowerAsync(BuildSession session, CancellationToken cancel)
    {
        var resolved = await Task.WhenAll(Graphs.Select(pair => session.Names.ResolveAsync(pair.Graph, pair.Platform, Source.File, cancel))).ConfigureAwait(false);
        await BuildChecks.RunAsync(this, resolved, session.Report, cancel).ConfigureAwait(false);
        ContextOperation context = new(Source.Context);
        ImmutableDictionary<string, SecretFile> secrets = SecretFiles.Open(Build.Secrets, session.Stores.Scratch);
        List<LoweredImage> lowered = [];
        foreach (((Platform platform, _), (StageGraph graph, ImmutableDictionary<OutsideKey, OutsideName> names)) in Graphs.Zip(resolved))
        {
            Tell(graph.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error), Source, session.Report);
            lowered.Add(Lowerer.Lower(new LoweringInput
            {
                Graph = graph,
                Escape = Syntax.Escape,
                File = Source.File,
                Platform = platform,
                Names = names,
                Context = context,
                BuildArgs = new Dictionary<string, string>(Build.Args),
                Predefined = graph.GlobalValue,
                Labels = new Dictionary<string, string>(Build.Labels),
                Strict = Build.Strict,
                Secrets = secrets,
                Time = Time,
                Compression = LayerCompression.Gzip,
                StepPrefix = Graphs.Length > 1 ? platform.ToString() : "",
                FirstStep = lowered.Count == 0 ? 1 : lowered[^1].NextStep,
            }));
        }
        return [.. lowered];
    }

    /// <summary>Names the result and hands it over.</summary>
    public async Task<ImmutableArray<Exported>> ExportAsync(BuildSession session, Descriptor root, ImmutableArray<AssembledImage> images, ImmutableArray<ImageReference> tags, CancellationToken cancel)
    {
        OutputWriter writer = new(new OutputContext
        {
            Root = root,
            Images = images,
            Names = tags,
            Store = session.Stores.Images,
            Fetcher = session.Fetcher,
            Registry = session.Registry,
            Progress = session.Report,
        });
        var done = ImmutableArray.CreateBuilder<Exported>();
        foreach (ImageReference tag in tags) Tell(await writer.NameAsync(tag, cancel).ConfigureAwait(false));
        session.Stores.MarkAdded(root.Digest, session.Time);
        foreach (Output output in PushOutput.Joined(Build.Outputs)) Tell(await writer.WriteAsync(output, cancel).ConfigureAwait(false));
        return done.ToImmutable();

        void Tell(Exported exported)
        {
            done.Add(exported);
            session.Report.Report(exported);
        }
    }

    /// <summary>With which target and arguments the stages for a platform are found.</summary>
    internal static StageGraphOptions GraphOptions(DockerfileBuild build, Platform platform) => new()
    {
        Target = build.Target,
        BuildArgs = name => build.Args.TryGetValue(name, out string? value) ? value : null,
        Predefined = name => PlatformArguments.Find(name, platform),
    };

    // A context that is called like a stage would have to replace it: better refused than overlooked.
    private static void CheckContexts(DockerfileBuild build, StageGraph graph)
    {
        foreach (string name in build.Contexts.Keys)
            if (graph.Stages.FirstOrDefault(stage => string.Equals(stage.Name, name, StringComparison.OrdinalIgnoreCase)) is { } stage)
                throw new BuildException("IK4005", $"The build context '{name}' is called like a stage, which is not supported.", "It would have to replace the stage.",
                    "Give the context or the stage another name.")
                { Span = stage.From.Span };
    }

    private static EntryTime TimeOf(DockerfileBuild build, StageGraph graph, TimeProvider time)
    {
        if (build.Epoch is { } epoch) return new(epoch.Seconds(time), epoch.IsNow);
        string? text = build.Args.TryGetValue(EpochArgument, out string? given) ? given : graph.GlobalArgs.GetValueOrDefault(EpochArgument);
        if (string.IsNullOrEmpty(text)) return default;
        return SourceEpoch.TryParse(text, out SourceEpoch parsed) ? new(parsed.Seconds(time), IsNow: false)
            : throw new BuildException("IK4023", $"invalid SOURCE_DATE_EPOCH: {text}.", "It is no number of seconds since 1970.", "Write a number such as 1700000000.");
    }

    internal static void Tell(IEnumerable<Diagnostic> diagnostics, BuildSource source, BuildReport report)
    {
        ImmutableArray<Diagnostic> all = [.. diagnostics];
        foreach (Diagnostic diagnostic in all) report.Report(new DiagnosticFound(source.File, diagnostic));
        if (all.FirstOrDefault(diagnostic => diagnostic.Severity == Severity.Error) is not { } first) return;
        throw new BuildException(first.Code, first.Message, "", first.Mend ?? "")
        {
            File = source.File,
            Span = first.Span,
            Diagnostics = [.. all.Where(diagnostic => diagnostic.Severity == Severity.Error)],
        };
    }
}
