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
        var layers = new Option<string?>("--layers") { Description = "How layers are stored: gzip, zstd, none, estargz or zstd:chunked", HelpName = "KIND" };
        layers.Aliases.Add("--compression");
        layers.AcceptOnlyFromAmong("gzip", "zstd", "none", "estargz", "zstd:chunked");
        var level = new Option<int?>("--level") { Description = "How hard layers are compressed: 1 to 9 for gzip and estargz, 1 to 22 for zstd", HelpName = "N" };
        var force = new Option<bool>("--force") { Description = "Compress layers again that are so compressed already" };
        Command command = edit.Command("convert", "Give an image other media types or another compression; what is so already stays as it is", types, layers, level, force);
        command.SetAction((parsed, cancel) =>
        {
            ImageConversion conversion = new() { Types = Family(parsed.GetValue(types)), Layers = Encoding(parsed.GetValue(layers)), Level = parsed.GetValue(level), Force = parsed.GetValue(force) };
            if (conversion.Types is null && conversion.Layers is null) throw new UsageException("There is nothing to convert to.", "Add --types oci, or --layers zstd.");
            int most = conversion.Layers switch { LayerEncoding.Gzip or LayerEncoding.Estargz => 9, LayerEncoding.Zstd or LayerEncoding.ZstdChunked => 22, _ => 0 };
            if (conversion.Level is { } asked && (asked < 1 || asked > most)) throw new UsageException($"--level {asked} is none of this compression.", "Write 1 to 9 with --layers gzip or estargz, 1 to 22 with zstd or zstd:chunked.");
            return edit.RunAsync(parsed, cancel, new ConvertStep(conversion));
        });
        return command.WithExamples(
            "imagekit convert docker.io/library/app:1 --types oci --layers zstd -t registry.example.com/app:1 --push",
            "imagekit convert app --layers zstd:chunked --level 12 --force -t registry.example.com/app:lazy --push",
            "imagekit convert app --platform linux/arm64 --types docker -o type=docker,dest=app.tar");
    }

    private static MediaTypeFamily? Family(string? text) => text switch { "oci" => MediaTypeFamily.Oci, "docker" => MediaTypeFamily.Docker, _ => null };

    private static LayerEncoding? Encoding(string? text) => text switch
    {
        "gzip" => LayerEncoding.Gzip,
        "zstd" => LayerEncoding.Zstd,
        "none" => LayerEncoding.None,
        "estargz" => LayerEncoding.Estargz,
        "zstd:chunked" => LayerEncoding.ZstdChunked,
        _ => null,
    };
}
