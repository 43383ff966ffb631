using System.CommandLine;
using ImageKit.Cli.Printing;
using ImageKit.Cli.Progress;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit copy`: between registries and layouts, through memory alone.</summary>
internal static class CopyCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "The image in a registry, or oci-layout://DIR[:TAG]", HelpName = "SOURCE" };
        var target = new Argument<string>("target") { Description = "Its new name, or oci-layout://DIR[:TAG]", HelpName = "TARGET" };
        var platforms = new Option<string[]>("--platform") { Description = "Only these platforms of an index; may stand several times", HelpName = "OS/ARCH[/VARIANT]" };
        var referrers = new Option<bool>("--referrers") { Description = "Copy what is about the image too: signatures, bills of materials" };
        var digestTags = new Option<bool>("--digest-tags") { Description = "Copy tags made of its digest too, such as sha256-….sig" };
        Option<bool> quiet = SharedOptions.Quiet("Print the digest and nothing else");
        Option<string?> progress = SharedOptions.Progress();
        Command command = new("copy", "Copy an image from one registry to another, or from and to OCI layouts") { source, target, platforms, referrers, digestTags, quiet, progress };
        command.Aliases.Add("cp");
        command.SetAction(async (parsed, cancel) =>
        {
            ImageCopyOptions options = new()
            {
                Content = new() { Platforms = [.. (parsed.GetValue(platforms) ?? []).Select(text => SharedOptions.ParsePlatform(text)!)] },
                Referrers = parsed.GetValue(referrers),
                DigestTags = parsed.GetValue(digestTags),
            };
            await using ImageKitClient kit = SharedOptions.Open();
            TransferResult result;
            await using (IProgressView view = ProgressOption.Open(parsed.GetValue(quiet) ? "none" : parsed.GetValue(progress)))
                result = await kit.CopyAsync(parsed.GetValue(source)!, parsed.GetValue(target)!, options, view, cancel);
            if (!parsed.GetValue(quiet)) TrafficText.Write(Console.Error, kit, parsed.GetValue(progress));
            Console.Out.WriteLine(result.Digest);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit copy alpine:3.20 registry.example.com/alpine:3.20", "imagekit copy alpine:3.20 oci-layout://alpine:3.20", "imagekit copy --platform linux/amd64 --platform linux/arm64 --referrers a.example.com/app:1 b.example.com/app:1");
    }
}
