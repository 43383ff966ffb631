using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageKit.Oci;

namespace ImageKit.Cli.Printing;

/// <summary>What `--metadata-file` holds: buildx's keys.</summary>
internal static class BuildMetadata
{
    public static string Of(BuildResult result)
    {
        var descriptor = new JsonObject
        {
            ["mediaType"] = result.Root.MediaType,
            ["digest"] = result.Digest.ToString(),
            ["size"] = result.Root.Size,
        };
        var metadata = new JsonObject
        {
            ["containerimage.descriptor"] = descriptor,
            ["containerimage.digest"] = result.Digest.ToString(),
        };
        if (result.Reference != result.Digest.ToString()) metadata["image.name"] = result.Reference;
        if (result.Images.Length == 1) metadata["containerimage.config.digest"] = result.Images[0].Config.Digest.ToString();
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            metadata.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
