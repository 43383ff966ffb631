using System.CommandLine;
using ImageKit.Cli.Progress;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit push`.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The image of the local store", HelpName = "NAME[:TAG]" };
        var tags = new Option<string[]>("--tag", "-t") { Description = "A further tag in the same repository; may stand several times", HelpName = "TAG" };
        Option<bool> quiet = SharedOptions.Quiet("Print the digest and nothing else");
        Option<string?> progress = SharedOptions.Progress();
        Command command = new("push", "Send an image of the local store to its registry") { name, tags, quiet, progress };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            TransferResult result;
            await using (IProgressView view = ProgressOption.Open(parsed.GetValue(quiet) ? "none" : parsed.GetValue(progress)))
                result = await kit.PushAsync(parsed.GetValue(name)!, target: null, [.. parsed.GetValue(tags) ?? []], view, cancel);
            Console.Out.WriteLine(result.Digest);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit push registry.example.com/app:1.2", "imagekit push --tag 1 --tag latest registry.example.com/app:1.2");
    }
}
