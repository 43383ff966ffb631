using System.CommandLine;
using ImageKit.Cli.Parsing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit delete`: in a registry. A tag goes alone; a digest goes with its tags.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "What to delete: a tag, or a digest with all its tags", HelpName = "NAME:TAG|NAME@DIGEST" };
        var image = new Option<bool>("--image") { Description = "Delete the image that the tag names, with all its tags" };
        Command command = new("delete", "Delete a tag or an image in a registry") { name, image };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RemoteImage remote = RemoteImage.Open(kit, parsed.GetValue(name)!);
            ImageReference reference = remote.Reference;
            if (reference.Tag is null && reference.Digest is null) throw new UsageException("Deleting wants a tag or a digest.", $"Write {reference.Familiar}:TAG or {reference.Familiar}@DIGEST.");
            bool wholeImage = reference.Digest is not null || parsed.GetValue(image);
            bool there = wholeImage
                ? await remote.Repository.DeleteManifestAsync(reference.Digest ?? (await remote.ResolveAsync(cancel)).Digest, cancel)
                : await remote.Repository.DeleteTagAsync(reference.Tag!, cancel);
            if (!there) throw new ImageKitException("IK4034", $"{reference.Familiar} was not found.", $"{reference.Registry} has no {reference}.", "Check the name and the tag.");
            Console.Out.WriteLine($"Deleted {reference.Familiar}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit delete registry.example.com/app:old", "imagekit delete --image registry.example.com/app:old");
    }
}
