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
                if (await TryRemoveAsync(kit, name, parsed.GetValue(force), cancel) is not { } result) continue;
                foreach (string untagged in result.Untagged) Console.Out.WriteLine($"Untagged: {ImageReference.Parse(untagged).Familiar}");
                foreach (Digest deleted in result.Deleted) Console.Out.WriteLine($"Deleted: {deleted}");
            }
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit rmi app:old", "imagekit rmi -f sha256:…");
    }

    private static async Task<RemoveResult?> TryRemoveAsync(ImageKitClient kit, string name, bool force, CancellationToken cancel)
    {
        try
        {
            return await kit.RemoveAsync(name, force, cancel);
        }
        catch (ImageKitException failure) when (force && failure.Code == "IK4020") // as with rm -f
        {
            return null;
        }
    }
}
