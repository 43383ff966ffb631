using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Dockerfile;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit check`: what is wrong or doubtful in a Dockerfile, without building it.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string> Path = new("path") { Description = "A Dockerfile, a context with one in it (.), or - for standard input", HelpName = "PATH", DefaultValueFactory = _ => "." };
    private static readonly Option<string?> File = new("--file", "-f") { Description = "The Dockerfile, where PATH is its context", HelpName = "FILE" };
    private static readonly Option<string[]> BuildArg = new("--build-arg") { Description = "A value for an ARG; of a bare name the environment's", HelpName = "NAME[=VALUE]" };
    private static readonly Option<string[]> BuildContext = new("--build-context") { Description = "A name that is no image, as the build gives it", HelpName = "NAME=SOURCE" };
    private static readonly Option<string?> Target = new("--target") { Description = "The stage that is built, by name or number (the last)", HelpName = "STAGE" };
    private static readonly Option<string?> Rules = new("--rules") { Description = "Instead of the file's '# check=': skip=A,B;experimental=C;error=true", HelpName = "RULES" };
    private static readonly Option<bool> Strict = SharedOptions.Strict();
    private static readonly Option<bool> Pull = new("--pull") { Description = "Look at the base images too: their variables and platforms" };
    private static readonly Option<bool> List = new("--list") { Description = "List all rules" };
    private static readonly Option<string?> Format = new("--format") { Description = "text, json (BuildKit's) or sarif", HelpName = "FORMAT" };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("text", "json", "sarif");
        Command command = new("check", "Find what is wrong or doubtful in a Dockerfile, without building it") { Path, File, BuildArg, BuildContext, Target, Rules, Strict, Pull, List, Format };
        command.SetAction(RunAsync);
        return command.WithExamples(
            "imagekit check",
            "imagekit check deploy/Dockerfile --format sarif > check.sarif",
            "imagekit check --strict --rules 'error=true;skip=UnpinnedBase' .",
            "imagekit check --rules experimental=all .");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(List)) return PrintRules();
        string path = parsed.GetValue(Path)!;
        DockerfileBuild build = SharedOptions.FileRequest(path);
        if (build.Dockerfile is not null && parsed.GetValue(File) is not null) throw new UsageException($"{path} is a file, and so is what -f names.", "Give one Dockerfile.");
        ImmutableDictionary<string, string> arguments = Pairs.OrEnvironment(parsed.GetValue(BuildArg) ?? []);
        if (parsed.GetValue(Rules) is { } rules) arguments = arguments.SetItem("BUILDKIT_DOCKERFILE_CHECK", rules);
        build = build with
        {
            Dockerfile = build.Dockerfile ?? parsed.GetValue(File),
            Input = build.Input ?? (parsed.GetValue(File) == "-" ? Console.OpenStandardInput() : null),
            Target = parsed.GetValue(Target),
            Args = arguments,
            Contexts = Pairs.OrEmpty(parsed.GetValue(BuildContext) ?? []),
            Strict = parsed.GetValue(Strict),
            Pull = parsed.GetValue(Pull),
        };
        return await PrintAsync(build, parsed.GetValue(Format), cancel);
    }

    /// <summary>Checks, prints, and fails if the findings are to.</summary>
    public static async Task<int> PrintAsync(DockerfileBuild build, string? format, CancellationToken cancel)
    {
        await using ImageKitClient kit = SharedOptions.Open();
        DockerfileCheck check = await kit.CheckAsync(build, cancel);
        string text = format switch
        {
            "json" => CheckText.ToJson(check.Report, check.Plan.File, check.Plan.Text),
            "sarif" => CheckSarif.ToJson(check.Report, check.Plan.File, check.Plan.Text),
            _ => Printable.EachLine(CheckText.ToText(check.Report, check.Plan.File, check.Plan.Text)),
        };
        Console.Out.Write(text);
        return check.Report.FailsBuild ? ExitCode.Failed : ExitCode.Success;
    }

    private static int PrintRules()
    {
        foreach (Check check in CheckTable.All)
            Console.Out.WriteLine($"{check.Code}  {check.Name,-32} {check.Title}{(check.IsExperimental ? " (on request)" : "")}{(check.IsSilentElsewhere ? " (an error with --strict)" : "")}");
        return ExitCode.Success;
    }
}
