using System.CommandLine;
using ImageKit.Cli.Progress;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit push`.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The image of the local store", HelpName = "NAME[:TAG]" };
        Option<bool> quiet = SharedOptions.Quiet("Print the digest and nothing else");
        Option<string?> progress = SharedOptions.Progress();
        Command command = new("push", "Send an image of the local store to its registry") { name, quiet, progress };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            TransferResult result;
            await using (IProgressView view = ProgressOption.Open(parsed.GetValue(quiet) ? "none" : parsed.GetValue(progress)))
                result = await kit.PushAsync(parsed.GetValue(name)!, target: null, view, cancel);
            Console.Out.WriteLine(result.Digest);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit push registry.example.com/app:1.2");
    }
}
