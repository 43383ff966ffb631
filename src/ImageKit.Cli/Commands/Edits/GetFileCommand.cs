using System.CommandLine;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit get-file`: one file out of an image.</summary>
internal static class GetFileCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "The image: a name in the store, else in a registry; or oci-layout://DIR[:TAG]", HelpName = "SOURCE" };
        var path = new Argument<string>("path") { Description = "The file, from the root of the image; links are followed", HelpName = "PATH" };
        var output = new Option<string?>("--output", "-o") { Description = "Where to write it (standard output)", HelpName = "FILE" };
        Option<string?> platform = SharedOptions.Platform();
        Command command = new("get-file", "Copy one file out of an image; of eStargz layers in a registry only that file is fetched") { source, path, output, platform };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            Task Read(Stream target) => kit.ReadFileAsync(parsed.GetValue(source)!, parsed.GetValue(path)!, target, SharedOptions.ParsePlatform(parsed.GetValue(platform)), cancel);
            if (parsed.GetValue(output) is string name and not "-") await ResultFile.WriteAsync(name, Read);
            else
            {
                await using Stream standard = Console.OpenStandardOutput();
                await Read(standard);
            }
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit get-file debian:12 /etc/os-release", "imagekit get-file registry.example.com/app:1 /app/settings.json -o settings.json");
    }
}
