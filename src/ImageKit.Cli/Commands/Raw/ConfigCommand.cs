using System.CommandLine;

namespace ImageKit.Cli.Commands.Raw;

/// <summary>`imagekit config`: an image's configuration byte for byte, wherever it is.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        Argument<string> source = RawOptions.Source();
        Option<string?> platform = SharedOptions.Platform(), output = RawOptions.Output();
        Option<bool> pull = RawOptions.Pull();
        Command command = new("config", "Print the configuration of an image as it is, without pulling it") { source, platform, pull, output };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            RawDocument read = await kit.ReadConfigAsync(parsed.GetValue(source)!, SharedOptions.ParsePlatform(parsed.GetValue(platform)), parsed.GetValue(pull), cancel);
            await RawOptions.WriteAsync(parsed.GetValue(output), read.Bytes, cancel);
            return ExitCode.Success;
        });
        return command.WithExamples("imagekit config alpine:3.20 | jq .config.Env", "imagekit config --platform linux/arm64 registry.example.com/app:1");
    }
}
