using System.CommandLine;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit rmi`.</summary>
internal static class RmiCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name") { Description = "Images by name or digest", HelpName = "NAME…", Arity = ArgumentArity.OneOrMore };
        var force = new Option<bool>("--force", "-f") { Description = "Remove an image by digest even if it has several names; a missing one is no error" };
        Command command = new("rmi", "Remove images from the local store") { names, force };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            foreach (string name in parsed.GetValue(names)!)
            {
                RemoveResult result = await kit.RemoveAsync(name, parsed.GetValue(force), cancel);
                foreach (string untagged in result.Untagged) Console.Out.WriteLine($"Untagged: {untagged}");
                foreach (Digest deleted in result.Deleted) Console.Out.WriteLine($"Deleted: {deleted}");
            }
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit rmi app:old", "imagekit rmi -f sha256:…");
    }
}
