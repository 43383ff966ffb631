using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Progress;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit build`: the words of Docker's, the engine's build.</summary>
internal static class BuildCommand
{
    private static readonly Argument<string> Context = new("context") { Description = "A directory, or - for a tar or a Dockerfile on standard input", HelpName = "CONTEXT" };
    private static readonly Option<string?> File = new("--file", "-f") { Description = "The Dockerfile (CONTEXT/Dockerfile), or - for standard input", HelpName = "FILE" };
    private static readonly Option<string[]> Tag = new("--tag", "-t") { Description = "A name for the result; may stand several times", HelpName = "NAME[:TAG]" };
    private static readonly Option<string[]> BuildArg = new("--build-arg") { Description = "A value for an ARG; of a bare name the environment's", HelpName = "NAME[=VALUE]" };
    private static readonly Option<string?> Target = new("--target") { Description = "The stage to build, by name or number (the last)", HelpName = "STAGE" };
    private static readonly Option<string[]> Platforms = new("--platform") { Description = "The platforms to build for, with commas between", HelpName = "OS/ARCH[,…]" };
    private static readonly Option<bool> NoCache = new("--no-cache") { Description = "Do every step anew" };
    private static readonly Option<bool> Pull = new("--pull") { Description = "Ask the registry for base images even if they are here" };
    private static readonly Option<string[]> Label = new("--label") { Description = "A label for the image", HelpName = "NAME=VALUE" };
    private static readonly Option<bool> Push = new("--push") { Description = "Push the result to the registries of its names" };
    private static readonly Option<bool> Load = new("--load") { Description = "Docker's; results are in the local store anyway" };
    private static readonly Option<string[]> Outputs = new("--output", "-o") { Description = "Where else the result goes: type=oci|docker|local|tar,dest=PATH[,tar=false]", HelpName = "OUTPUT" };
    private static readonly Option<string[]> BuildContext = new("--build-context") { Description = "Another context: NAME=DIR, oci-layout://DIR[:TAG], docker-image://REF", HelpName = "NAME=SOURCE" };
    private static readonly Option<string[]> Secrets = new("--secret") { Description = "A secret for RUN --mount=type=secret: id=ID[,src=FILE] or id=ID,env=NAME", HelpName = "SECRET" };
    private static readonly Option<string?> ImageIdFile = new("--iidfile") { Description = "Write the image's digest to a file", HelpName = "FILE" };
    private static readonly Option<string?> MetadataFile = new("--metadata-file") { Description = "Write the result's facts as JSON to a file", HelpName = "FILE" };
    private static readonly Option<string?> Timestamps = new("--timestamps") { Description = "epoch (reproducible), git (the last commit), now, or seconds since 1970", HelpName = "WHEN" };
    private static readonly Option<bool> ExplainCache = new("--explain-cache") { Description = "Say for each step that ran why the cache had no result for it" };
    private static readonly Option<bool> Check = new("--check") { Description = "Check the Dockerfile instead of building it; as --call check" };
    private static readonly Option<string?> Call = new("--call") { Description = "Instead of the build: check, outline (what it takes) or targets, with ,format=json", HelpName = "NAME" };
    private static readonly Option<string?> Format = new("--format") { Description = "How --check and --call print: text, json or sarif", HelpName = "FORMAT" };
    private static readonly Option<bool> Strict = SharedOptions.Strict();
    private static readonly Option<bool> Quiet = SharedOptions.Quiet("Print the digest and nothing else");
    private static readonly Option<string?> Progress = SharedOptions.Progress();
    private static readonly Option<string?> Runtime = SharedOptions.Runtime();

    public static Command Create()
    {
        Command command = new("build", "Build an image from a Dockerfile")
        {
            Context, File, Tag, BuildArg, Target, Platforms, NoCache, Pull, Label, Push, Load, Outputs, BuildContext, Secrets, ImageIdFile, MetadataFile,
            Timestamps, ExplainCache, Check, Call, Format, Strict, Quiet, Progress, Runtime,
        };
        command.SetAction(RunAsync);
        return command.WithExamples(
            "imagekit build -t app .",
            "imagekit build -t registry.example.com/app:1.2 --push .",
            "imagekit build -f deploy/Dockerfile --target test --build-arg VERSION=1.2 .",
            "imagekit build --check .",
            "imagekit build --call outline,format=json .",
            "imagekit build -o type=oci,dest=app.tar --platform linux/amd64,linux/arm64 .");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        bool quiet = parsed.GetValue(Quiet);
        ImmutableArray<OutputOption> outputs = [.. (parsed.GetValue(Outputs) ?? []).Select(OutputOption.Parse)];
        DockerfileBuild build = Request(parsed, outputs);
        if (CallOf(parsed) is { } call && await call.RunAsync(build, cancel) is { } answered) return answered;
        await using ImageKitClient kit = SharedOptions.Open(parsed.GetValue(Runtime));
        BuildResult result;
        await using (IProgressView view = ProgressOption.Open(quiet ? "none" : parsed.GetValue(Progress)))
            result = await kit.BuildAsync(build, view, cancel);
        if (!quiet) TrafficText.Write(Console.Error, kit, parsed.GetValue(Progress));
        if (parsed.GetValue(ImageIdFile) is string file) await ResultFile.WriteAsync(file, result.Digest.ToString(), cancel);
        if (parsed.GetValue(MetadataFile) is string metadata) await ResultFile.WriteAsync(metadata, BuildMetadata.Of(result), cancel);
        // A tar on standard output must stay whole; the digest goes where the progress went.
        bool taken = outputs.Any(output => output.Destination == OutputOption.StandardOutput);
        (taken ? Console.Error : Console.Out).WriteLine(result.Digest);
        return ExitCode.Success;
    }

    private static DockerfileBuild Request(ParseResult parsed, ImmutableArray<OutputOption> outputs)
    {
        string context = parsed.GetValue(Context)!;
        string? file = parsed.GetValue(File);
        if (context == "-" && file == "-") throw new UsageException("Both the context and the Dockerfile are to come from standard input.", "Give one of them a path.");
        ImmutableArray<string> tags = [.. parsed.GetValue(Tag) ?? [], .. outputs.Where(output => output.Name is not null).SelectMany(output => output.Name!.Split(','))];
        foreach (string tag in tags) SharedOptions.CheckName(tag);
        bool push = parsed.GetValue(Push) || outputs.Any(output => output.Type == "registry" || output.Push);
        if (push && tags.Length == 0) throw new UsageException("There is no name to push to.", "Add -t NAME:TAG.");
        return new DockerfileBuild(context)
        {
            Dockerfile = file,
            Input = context == "-" || file == "-" ? Console.OpenStandardInput() : null,
            Target = parsed.GetValue(Target),
            Platforms = [.. (parsed.GetValue(Platforms) ?? []).SelectMany(text => text.Split(',')).Select(text => SharedOptions.ParsePlatform(text.Trim())!)],
            Args = Pairs.OrEnvironment(parsed.GetValue(BuildArg) ?? []),
            Labels = Pairs.OrEmpty(parsed.GetValue(Label) ?? []),
            Tags = tags,
            Contexts = NamedContexts(parsed.GetValue(BuildContext) ?? []),
            Secrets = [.. (parsed.GetValue(Secrets) ?? []).Select(SecretOption.Parse)],
            NoCache = parsed.GetValue(NoCache),
            Pull = parsed.GetValue(Pull),
            Epoch = Epoch(parsed.GetValue(Timestamps)),
            ExplainCache = parsed.GetValue(ExplainCache),
            Strict = parsed.GetValue(Strict),
            Outputs = [.. outputs.Select(output => output.ToOutput()).OfType<Output>(), .. push ? tags.Select(Output.Push) : []],
        };
    }

    private static BuildCall? CallOf(ParseResult parsed)
    {
        string? name = parsed.GetValue(Call) ?? (parsed.GetValue(Check) ? "check" : null);
        if (name is null && parsed.GetValue(Format) is not null) throw new UsageException("--format goes with --check or --call.", "Add one of them.");
        return name is null ? null : BuildCall.Parse(name, parsed.GetValue(Format));
    }

    private static ImmutableDictionary<string, string> NamedContexts(string[] texts)
    {
        string? wrong = texts.FirstOrDefault(text => text.IndexOf('=') < 1 || text.EndsWith('='));
        return wrong is null ? Pairs.OrEmpty(texts) : throw new UsageException($"--build-context {wrong} is not NAME=SOURCE.", "Write for example --build-context lib=../lib.");
    }

    private static SourceEpoch? Epoch(string? text) => text switch
    {
        null => null,
        "epoch" => SourceEpoch.At(0),
        "now" => SourceEpoch.Now,
        "git" => SourceEpoch.FromGit(),
        _ => SourceEpoch.TryParse(text, out SourceEpoch epoch) ? epoch : throw new UsageException($"--timestamps {text} is no time.", "Write epoch, git, now, or seconds since 1970."),
    };
}
