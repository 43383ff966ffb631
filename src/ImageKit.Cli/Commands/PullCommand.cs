using System.CommandLine;
using ImageKit.Cli.Printing;
using ImageKit.Cli.Progress;
using ImageKit.Registry;

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
            // Which mirror gave what; with the registry alone there is nothing to tell.
            if (!parsed.GetValue(quiet) && parsed.GetValue(progress) is not ("json" or "none") && kit.Registry.Traffic is var hosts && hosts.Any(host => host.IsMirror))
                foreach (HostTraffic host in hosts) Console.Error.WriteLine($"{HumanText.Size(host.Bytes)} from {host.Host}{(host.IsMirror ? " (mirror)" : "")}{(host.State == HostState.Fit ? "" : ", " + host.State.ToString().ToLowerInvariant())}");
            Console.Out.WriteLine($"{result.Reference}@{result.Digest}".Replace(":" + result.Reference!.Tag + "@", "@", StringComparison.Ordinal));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit pull debian:12", "imagekit pull --platform linux/arm64 registry.example.com/app");
    }
}
