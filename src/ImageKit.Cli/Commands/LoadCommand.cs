using System.Collections.Immutable;
using System.CommandLine;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit load`.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var file = new Option<string?>("--input", "-i") { Description = "The archive (standard input)", HelpName = "FILE" };
        Option<bool> quiet = SharedOptions.Quiet("Print digests and nothing else");
        Command command = new("load", "Read images from an archive of docker save, podman save, skopeo or imagekit") { file, quiet };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            await using Stream archive = parsed.GetValue(file) is string path and not "-"
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true) : Console.OpenStandardInput();
            ImmutableArray<LoadedImage> images = await kit.LoadAsync(archive, cancel);
            foreach (LoadedImage image in images)
                Console.Out.WriteLine(parsed.GetValue(quiet) || image.Name is not { } name ? image.Root.Digest.ToString() : $"Loaded image: {name.Familiar}");
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit load -i app.tar", "docker save app | imagekit load");
    }
}
