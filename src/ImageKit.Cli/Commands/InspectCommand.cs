using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageKit.Cli.Printing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands;

/// <summary>`imagekit inspect`: Docker's shape, or the documents as they are.</summary>
internal static class InspectCommand
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var names = new Argument<string[]>("name") { Description = "Images by name or digest", HelpName = "NAME…", Arity = ArgumentArity.OneOrMore };
        var raw = new Option<bool>("--raw") { Description = "Print the manifest or index as it is" };
        var config = new Option<bool>("--config") { Description = "Print the configuration as it is" };
        Option<string?> platform = SharedOptions.Platform();
        Command command = new("inspect", "Show what an image of the local store is") { names, raw, config, platform };
        command.SetAction(async (parsed, cancel) =>
        {
            await using ImageKitClient kit = SharedOptions.Open();
            Platform? wanted = SharedOptions.ParsePlatform(parsed.GetValue(platform));
            List<ImageInspection> images = [];
            ImageKitException? failure = null;
            foreach (string name in parsed.GetValue(names)!)
            {
                try
                {
                    images.Add(await kit.InspectAsync(name, wanted, cancel));
                }
                catch (ImageKitException missing) // the others are shown all the same
                {
                    if (failure is not null) ErrorText.Write(Console.Error, failure);
                    failure = missing;
                }
            }
            await using Stream output = Console.OpenStandardOutput();
            if (parsed.GetValue(raw) || parsed.GetValue(config))
                foreach (ImageInspection image in images) await output.WriteAsync(parsed.GetValue(raw) ? image.RawRoot : image.RawConfig, cancel);
            else Write(output, images);
            return failure is null ? ExitCode.Success : throw failure;
        });
        return command.WithExamples("imagekit inspect app", "imagekit inspect --raw app | sha256sum", "imagekit inspect --config app | jq .config.Env");
    }

    private static void Write(Stream output, List<ImageInspection> images)
    {
        var all = new JsonArray([.. images.Select(Describe)]);
        using (var writer = new Utf8JsonWriter(output, Indented)) all.WriteTo(writer);
        output.WriteByte((byte)'\n');
    }

    private static JsonNode Describe(ImageInspection image)
    {
        JsonNode config = JsonNode.Parse(image.RawConfig.Span)!;
        return new JsonObject
        {
            ["Id"] = image.Manifest.Config.Digest.ToString(),
            ["RepoTags"] = Texts(image.Names.Where(name => name.Tag is not null).Select(name => name.Familiar)),
            ["RepoDigests"] = Texts(image.Names.Select(name => $"{name.FamiliarName}@{image.Root.Digest}").Distinct()),
            ["Created"] = image.Config.Created,
            ["Author"] = image.Config.Author,
            ["Architecture"] = image.Config.Architecture,
            ["Variant"] = image.Config.Variant,
            ["Os"] = image.Config.Os,
            ["Size"] = image.Manifest.Layers.Sum(layer => layer.Size),
            ["Config"] = config["config"]?.DeepClone(),
            ["RootFS"] = new JsonObject { ["Type"] = "layers", ["Layers"] = Texts(image.Config.Rootfs.DiffIds.Select(id => id.ToString())) },
            ["Metadata"] = new JsonObject { ["LastTagTime"] = image.Added?.ToString("O") },
            ["Descriptor"] = new JsonObject
            {
                ["mediaType"] = image.Root.MediaType,
                ["digest"] = image.Root.Digest.ToString(),
                ["size"] = image.Root.Size,
            },
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);
}
