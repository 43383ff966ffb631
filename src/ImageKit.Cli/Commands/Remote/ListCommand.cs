using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit ls`: the tags of a repository.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("repository") { Description = "The repository", HelpName = "REPOSITORY" };
        Command command = new("ls", "List the tags of a repository in a registry") { name };
        command.Aliases.Add("tags");
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            await foreach (string tag in RemoteImage.Open(kit, parsed.GetValue(name)!).Repository.ListTagsAsync(cancel)) Console.Out.WriteLine(tag);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit ls debian", "imagekit ls registry.example.com/team/app");
    }
}
