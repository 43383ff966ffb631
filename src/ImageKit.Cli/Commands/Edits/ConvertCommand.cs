using System.CommandLine;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Edits;

/// <summary>`imagekit convert`: other media types, other compression.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        EditOptions edit = new();
        var types = new Option<string?>("--types") { Description = "Whose media types: oci or docker", HelpName = "FAMILY" };
        types.AcceptOnlyFromAmong("oci", "docker");
        var layers = new Option<string?>("--layers") { Description = "How layers are stored: gzip, zstd, none or estargz", HelpName = "KIND" };
        layers.AcceptOnlyFromAmong("gzip", "zstd", "none", "estargz");
        var force = new Option<bool>("--force") { Description = "Compress layers again that are so compressed already" };
        Command command = edit.Command("convert", "Give an image other media types or another compression; what is so already stays as it is", types, layers, force);
        command.SetAction((parsed, cancel) =>
        {
            ImageConversion conversion = new() { Types = Family(parsed.GetValue(types)), Layers = Encoding(parsed.GetValue(layers)), Force = parsed.GetValue(force) };
            if (conversion.Types is null && conversion.Layers is null) throw new UsageException("There is nothing to convert to.", "Add --types oci, or --layers zstd.");
            return edit.RunAsync(parsed, cancel, new ConvertStep(conversion));
        });
        return command.WithExamples(
            "imagekit convert docker.io/library/app:1 --types oci --layers zstd -t registry.example.com/app:1 --push",
            "imagekit convert app --platform linux/arm64 --types docker -o type=docker,dest=app.tar");
    }

    private static MediaTypeFamily? Family(string? text) => text switch { "oci" => MediaTypeFamily.Oci, "docker" => MediaTypeFamily.Docker, _ => null };

    private static LayerEncoding? Encoding(string? text) => text switch
    {
        "gzip" => LayerEncoding.Gzip,
        "zstd" => LayerEncoding.Zstd,
        "none" => LayerEncoding.None,
        "estargz" => LayerEncoding.Estargz,
        _ => null,
    };
}
