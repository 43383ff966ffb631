using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Commands.Raw;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit diff`: in what two images differ.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        Argument<string> before = RawOptions.Source("before"), after = RawOptions.Source("after");
        Option<string?> platform = SharedOptions.Platform();
        var times = new Option<bool>("--ignore-times") { Description = "Leave out files that differ in nothing but their time" };
        var format = new Option<string>("--format") { Description = "text or json", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var status = new Option<bool>("--exit-code") { Description = "End with 1 if they differ" };
        Command command = new("diff", "Show in what two images differ: values, layers and files") { before, after, platform, times, format, status };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            ImageDifference found = await kit.CompareAsync(parsed.GetValue(before)!, parsed.GetValue(after)!, SharedOptions.ParsePlatform(parsed.GetValue(platform)), cancel);
            if (parsed.GetValue(times)) found = found with { Files = [.. found.Files.Where(file => file.Aspects != FileAspects.Time)] };
            if (parsed.GetValue(format) == "json") DifferenceText.WriteJson(found);
            else DifferenceText.Write(Console.Out, found);
            return parsed.GetValue(status) && !found.IsEmpty ? ExitCode.Failed : ExitCode.Success;
        });
        return command.WithExamples("imagekit diff app:1 app:2", "imagekit diff --ignore-times registry.example.com/app:1 app", "imagekit diff --exit-code oci-layout://first oci-layout://second");
    }
}
