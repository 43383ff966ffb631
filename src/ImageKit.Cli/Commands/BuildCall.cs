using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Dockerfile;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit build --call`: what a build would take, offer or warn of, instead of the build.</summary>
/// <param name="Name">build, check, outline or targets.</param>
/// <param name="Format">text, json or sarif; null for text.</param>
internal sealed record BuildCall(string Name, string? Format)
{
    /// <summary>Reads `--call NAME[,format=FORMAT]`.</summary>
    public static BuildCall Parse(string text, string? format)
    {
        string[] fields = text.Split(',');
        foreach (string field in fields.Skip(1))
        {
            if (!field.StartsWith("format=", StringComparison.Ordinal)) throw Wrong($"--call knows no '{field}'.");
            format = field["format=".Length..];
        }
        string name = fields[0] == "lint" ? "check" : fields[0];
        if (name is not ("build" or "check" or "outline" or "targets")) throw Wrong($"--call knows no '{fields[0]}'.");
        if (format is not (null or "text" or "json") && !(format == "sarif" && name == "check")) throw Wrong($"{name} has no format '{format}'.");
        return new(name, format);
    }

    /// <summary>Prints what is asked for; null if that is the build itself.</summary>
    public async Task<int?> RunAsync(DockerfileBuild build, CancellationToken cancel)
    {
        if (Name == "build") return null;
        if (Name == "check") return await CheckCommand.PrintAsync(build, Format, cancel);
        await using ImageKitClient kit = SharedOptions.Open();
        DockerfilePlan plan = await kit.ReadAsync(build, cancel);
        SharedOptions.ThrowIfFaulty(plan);
        Console.Out.Write((Name, Format) switch
        {
            ("targets", "json") => OutlineText.ToJson(plan.Targets(), plan.Text),
            ("targets", _) => Printable.EachLine(OutlineText.ToText(plan.Targets())),
            (_, "json") => OutlineText.ToJson(plan.Outline(), plan.Text),
            _ => Printable.EachLine(OutlineText.ToText(plan.Outline())),
        });
        return ExitCode.Success;
    }

    private static UsageException Wrong(string what) => new(what, "Write check, outline or targets, and behind it ,format=text or ,format=json (check: sarif too).");
}
