using System.CommandLine;
using ImageKit.Cli.Printing;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit save`: one archive that Docker, podman, ctr and skopeo load.</summary>
internal static class SaveCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name") { Description = "The images", HelpName = "NAME…", Arity = ArgumentArity.OneOrMore };
        var file = new Option<string?>("--output", "-o") { Description = "The archive (standard output)", HelpName = "FILE" };
        Command command = new("save", "Write images to a tar archive that docker load, podman load, ctr and skopeo read") { names, file };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            string[] images = parsed.GetValue(names)!;
            if (parsed.GetValue(file) is not (string path and not "-"))
            {
                await using Stream output = StandardStream.OpenOutput();
                await kit.SaveAsync(images, output, cancel);
                return ExitCode.Success;
            }
            await ResultFile.WriteAsync(path, output => kit.SaveAsync(images, output, cancel));
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit save -o app.tar app", "imagekit save app | docker load");
    }
}
