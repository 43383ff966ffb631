using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit digest`: what a name means now, without pulling.</summary>
internal static class DigestCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The image in a registry", HelpName = "NAME[:TAG]" };
        Command command = new("digest", "Print the digest that a name has in its registry") { name };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            Console.Out.WriteLine((await RemoteImage.Open(kit, parsed.GetValue(name)!).ResolveAsync(cancel)).Digest);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit digest alpine:3.20");
    }
}
