using System.Collections.Immutable;
using System.CommandLine;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit images`: Docker's columns.</summary>
internal static class ImagesCommand
{
    private const int ShortId = 12;

    public static Command Create()
    {
        var name = new Argument<string?>("repository") { Description = "Only this image, with or without a tag", HelpName = "NAME[:TAG]", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all", "-a") { Description = "Docker's; there are no hidden images here" };
        var digests = new Option<bool>("--digests") { Description = "Show the digest of each manifest" };
        var whole = new Option<bool>("--no-trunc") { Description = "Show whole ids" };
        Option<bool> quiet = SharedOptions.Quiet("Show only ids");
        Command command = new("images", "List the images of the local store") { name, all, digests, whole, quiet };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            ImmutableArray<StoredImage> images = [.. (await kit.ListImagesAsync(cancel)).Where(image => Matches(image, parsed.GetValue(name)))];
            string Id(StoredImage image) => parsed.GetValue(whole) ? image.Id.ToString() : image.Id.Encoded[..ShortId];
            if (parsed.GetValue(quiet)) foreach (string id in images.Select(Id).Distinct()) Console.Out.WriteLine(id);
            else Print(images, Id, parsed.GetValue(digests));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit images", "imagekit images --digests app", "imagekit images -q");
    }

    private static bool Matches(StoredImage image, string? wanted)
    {
        if (wanted is null) return true;
        if (image.Name is not { } name || !ImageReference.TryParse(wanted, out ImageReference? reference)) return false;
        return name.Registry == reference.Registry && name.Repository == reference.Repository && (reference.Tag is null || reference.Tag == name.Tag);
    }

    private static void Print(ImmutableArray<StoredImage> images, Func<StoredImage, string> id, bool digests)
    {
        string[] header = digests ? ["REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE"] : ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"];
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        TextTable.Write(Console.Out, header, images.Select<StoredImage, string[]>(image =>
        [
            image.Name is { } name ? name.FamiliarName : "<none>",
            image.Name?.Tag ?? "<none>",
            .. digests ? [image.Root.Digest.ToString()] : Array.Empty<string>(),
            id(image),
            image.Added is { } added ? HumanText.Ago(now - added) : "N/A",
            HumanText.Size(image.Size),
        ]));
    }
}
