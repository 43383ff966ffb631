using System.Collections.Immutable;
using ImageKit.Contexts;
using ImageKit.Dockerfile;
using ImageKit.Lowering;
using ImageKit.Oci;
using ImageKit.Operations;

namespace ImageKit;

/// <summary>Runs the checks with what a build knows: its arguments, the ignore file, the files of the context and the images.</summary>
internal static class BuildChecks
{
    private const string DirectiveArgument = "BUILDKIT_DOCKERFILE_CHECK";

    /// <summary>What the checks that need no stages find in a file that cannot be built.</summary>
    public static IEnumerable<Diagnostic> BeforeError(DockerfileSyntax syntax) =>
        CheckTable.Run(syntax, new(), CheckTable.BuildKit.Where(check => !check.NeedsReachedStage)).Diagnostics;

    /// <summary>Checks a plan whose names are resolved, and tells of what is found, each once whatever the number of platforms.</summary>
    /// <exception cref="BuildException">The file asks for violations to be errors (IK3090), or one is an error as the build is strict.</exception>
    public static async Task RunAsync(BuildPlan plan, (StageGraph Graph, ImmutableDictionary<OutsideKey, OutsideName> Names)[] resolved, BuildReport report, CancellationToken cancel)
    {
        Func<string, int?> matches = await MatchesAsync(resolved.SelectMany(pair => pair.Graph.Needed).SelectMany(stage => stage.Instructions), plan.Source, cancel).ConfigureAwait(false);
        List<Diagnostic> found = [];
        bool isErrorMode = false;
        foreach (((Platform platform, _), (StageGraph graph, ImmutableDictionary<OutsideKey, OutsideName> names)) in plan.Graphs.Zip(resolved))
        {
            CheckOptions options = WithImages(Options(plan.Build, plan.Source), names, platform);
            CheckReport checks = CheckTable.Run(plan.Syntax, options with { CountMatches = matches, ReachedStages = [.. graph.Needed.Select(stage => stage.Index)] });
            found.AddRange(checks.Diagnostics);
            isErrorMode |= checks.IsErrorMode;
        }
        CheckReport all = new([.. found.Distinct().OrderBy(diagnostic => diagnostic.Span.Start)], isErrorMode);
        BuildPlan.Tell(all.Diagnostics, plan.Source, report);
        if (all.FailsBuild) throw Failed(all, plan.Source);
    }

    /// <summary>What is known without any image.</summary>
    public static CheckOptions Options(DockerfileBuild build, BuildSource source) => new()
    {
        Directive = build.Args.TryGetValue(DirectiveArgument, out string? directive) ? directive : null,
        Strict = build.Strict,
        Target = build.Target,
        NamedContexts = [.. build.Contexts.Keys],
        Ignore = source.Context.Ignore,
    };

    /// <summary>Adds what the images tell that were found.</summary>
    public static CheckOptions WithImages(CheckOptions options, ImmutableDictionary<OutsideKey, OutsideName> names, Platform platform) =>
        options with { ImageVariables = name => Variables(names, name), FindBase = stage => Base(names, stage, platform) };

    /// <summary>Counts what wildcards match in the context. The context is read only if there are any, as it would be for their sake anyway.</summary>
    public static async Task<Func<string, int?>> MatchesAsync(IEnumerable<Instruction> instructions, BuildSource source, CancellationToken cancel)
    {
        bool hasWildcard = instructions.OfType<FileInstruction>().Any(file => file is not CopyInstruction { From: not null } && file.Sources.Any(word => PathPattern.HasWildcards(word.Text)));
        if (!hasWildcard) return static _ => null;
        Tree tree = await source.Context.GetTreeAsync(cancel).ConfigureAwait(false);
        return pattern => Count(tree, pattern);
    }

    private static int? Count(Tree tree, string pattern)
    {
        try
        {
            return new SourceMatch(tree, pattern, doubleStar: false).Paths().Count();
        }
        catch (BuildException) // the step itself says what is wrong with the pattern, if it is reached
        {
            return null;
        }
    }

    private static IReadOnlyCollection<string>? Variables(ImmutableDictionary<OutsideKey, OutsideName> names, string name)
    {
        OutsideName? found = names.Where(pair => pair.Key.Name == name).Select(pair => pair.Value).FirstOrDefault();
        return found switch
        {
            OutsideImage image => [.. (image.Config.Config?.Env ?? []).Select(text => text.Split('=', 2)[0])],
            OutsideDirectory => [],
            _ => null,
        };
    }

    private static FoundBase? Base(ImmutableDictionary<OutsideKey, OutsideName> names, Stage stage, Platform platform)
    {
        Platform wanted = Platform.TryParse(stage.Platform, null, out Platform? own) ? own : platform;
        if (stage.Base is not ExternalSource outside || names.GetValueOrDefault(new(outside.Name, stage.Platform ?? platform.ToString())) is not OutsideImage { Config: { Architecture.Length: > 0 } config } image) return null;
        Platform found = new() { Os = config.Os, Architecture = config.Architecture, Variant = config.Variant };
        return wanted.Accepts(found) ? null : new(image.Display, found.ToString(), wanted.ToString());
    }

    private static BuildException Failed(CheckReport report, BuildSource source) =>
        new("IK3090", report.Failure!, "The Dockerfile says '# check=error=true', so what the checks find ends the build.", "Mend what is listed, or skip a rule with '# check=skip=RULE;error=true'.")
        {
            File = source.File,
            Span = report.Diagnostics[0].Span,
        };
}
