using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit tag`.</summary>
internal static class TagCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "The image by name or digest", HelpName = "SOURCE" };
        var target = new Argument<string>("target") { Description = "The new name", HelpName = "TARGET[:TAG]" };
        Command command = new("tag", "Give an image of the local store another name") { source, target };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            await kit.TagAsync(parsed.GetValue(source)!, parsed.GetValue(target)!, cancel);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit tag app registry.example.com/app:1.2");
    }
}
