using System.CommandLine;

namespace ImageKit.Cli.Commands.Raw;

/// <summary>`imagekit config`: an image's configuration byte for byte, wherever it is.</summary>
internal static class ConfigCommand
{
    public static Command Create() =>
        RawOptions.Printing("config", "Print the configuration of an image as it is, without pulling it", (kit, name, platform, pull, cancel) => kit.ReadConfigAsync(name, platform, pull, cancel))
            .WithExamples("imagekit config alpine:3.20 | jq .config.Env", "imagekit config --platform linux/arm64 registry.example.com/app:1");
}
