using System.CommandLine;
using ImageKit.Cli.Printing;
using ImageKit.Cli.Progress;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit pull`.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The image", HelpName = "NAME[:TAG|@DIGEST]" };
        Option<string?> platform = SharedOptions.Platform();
        Option<bool> quiet = SharedOptions.Quiet("Print the digest and nothing else");
        Option<string?> progress = SharedOptions.Progress();
        Command command = new("pull", "Fetch an image from a registry into the local store") { name, platform, quiet, progress };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            TransferResult result;
            await using (IProgressView view = ProgressOption.Open(parsed.GetValue(quiet) ? "none" : parsed.GetValue(progress)))
                result = await kit.PullAsync(parsed.GetValue(name)!, SharedOptions.ParsePlatform(parsed.GetValue(platform)), view, cancel);
            if (!parsed.GetValue(quiet)) TrafficText.Write(Console.Error, kit, parsed.GetValue(progress));
            Console.Out.WriteLine($"{result.Reference!.Name}@{result.Digest}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit pull debian:12", "imagekit pull --platform linux/arm64 registry.example.com/app");
    }
}
