using System.CommandLine;
using ImageKit.Cli.Commands.Raw;
using ImageKit.Cli.Parsing;
using ImageKit.Cli.Printing;
using ImageKit.Cli.Progress;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit export`: the files of an image without any image around them.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Argument<string> source = RawOptions.Source();
        var output = new Option<string?>("--output", "-o") { Description = "A tar archive, or a directory that exists or ends with a slash (a tar on standard output)", HelpName = "FILE|DIR/" };
        Option<string?> platform = SharedOptions.Platform(), progress = SharedOptions.Progress();
        Option<bool> pull = RawOptions.Pull();
        Command command = new("export", "Write the files of an image as a tar archive or into a directory") { source, output, platform, pull, progress };
        command.SetAction(async (parsed, cancel) =>
        {
            Platform wanted = SharedOptions.ParsePlatform(parsed.GetValue(platform)) ?? Platform.Local;
            EditRequest request = new(parsed.GetValue(source)!) { Platforms = [wanted], Pull = parsed.GetValue(pull), Outputs = [Target(parsed.GetValue(output))] };
            await using ImageKitClient kit = SharedOptions.Open();
            await using IProgressView view = ProgressOption.Open(parsed.GetValue(progress));
            await kit.EditAsync(request, view, cancel);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit export debian:12 | tar -t", "imagekit export -o files.tar app", "imagekit export -o rootfs/ --platform linux/arm64 alpine:3.20");
    }

    private static Output Target(string? path)
    {
        if (path is null or "-") return Output.Tar(StandardStream.OpenOutput());
        if (path.Length == 0) throw new UsageException("-o names no file.", "Write -o FILE.tar, or -o DIR/.");
        return path.EndsWith('/') || Directory.Exists(path) ? Output.Local(path) : Output.Tar(path);
    }
}
