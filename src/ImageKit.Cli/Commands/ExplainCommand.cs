using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Dockerfile;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit explain`: the stages of a Dockerfile and what they take of each other, as text or as a picture.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Path = new("file") { Description = "A Dockerfile, a folder with one in it (.), or - for standard input", HelpName = "FILE", DefaultValueFactory = _ => "." };
    private static readonly Option<string?> Format = new("--format") { Description = "text, mermaid, svg or html", HelpName = "FORMAT" };
    private static readonly Option<string?> Target = new("--target") { Description = "The stage that is built, by name or number (the last)", HelpName = "STAGE" };
    private static readonly Option<string[]> BuildArg = new("--build-arg") { Description = "A value for an ARG; of a bare name the environment's", HelpName = "NAME[=VALUE]" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "Write to a file", HelpName = "FILE" };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("text", "mermaid", "svg", "html");
        Command command = new("explain", "Show the stages of a Dockerfile and what they take of each other") { Path, Format, Target, BuildArg, Output };
        command.SetAction(RunAsync);
        return command.WithExamples("imagekit explain Dockerfile", "imagekit explain --format mermaid . >> README.md", "imagekit explain --format html -o stages.html .");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using ImageKitClient kit = SharedOptions.Open();
        DockerfilePlan plan = await kit.ReadAsync(SharedOptions.FileRequest(parsed.GetValue(Path)!) with
        {
            Target = parsed.GetValue(Target),
            Args = Pairs.OrEnvironment(parsed.GetValue(BuildArg) ?? []),
        }, cancel);
        SharedOptions.ThrowIfFaulty(plan);
        StageDiagram diagram = StageDiagram.Of(plan.Graph);
        string text = parsed.GetValue(Format) switch
        {
            "mermaid" => StageDiagramText.ToMermaid(diagram),
            "svg" => StageDiagramPicture.ToSvg(diagram),
            "html" => StageDiagramPicture.ToHtml(diagram, plan.File),
            _ => Printable.EachLine(StageDiagramText.ToText(diagram)),
        };
        if (parsed.GetValue(Output) is { } file) await ResultFile.WriteAsync(file, text, cancel);
        else Console.Out.Write(text);
        return ExitCode.Success;
    }
}
