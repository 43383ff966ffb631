using System.Text.Json;
using ImageKit.Cli.Parsing;
using ImageKit.Oci;

namespace ImageKit.Cli.Commands.Raw;

/// <summary>A manifest or index that somebody made by hand.</summary>
internal static class RawManifest
{
    /// <summary>Its descriptor; what is no manifest or index is refused before any registry sees it.</summary>
    /// <exception cref="ImageKitException">It is malformed (IK1005), or readable in two ways (IK1105).</exception>
    public static Descriptor Describe(byte[] bytes, string? mediaType)
    {
        mediaType ??= SaidType(bytes) ?? throw new UsageException("The document does not say what it is.", "Add --media-type, such as --media-type application/vnd.oci.image.manifest.v1+json.");
        Descriptor descriptor = new() { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length };
        if (MediaTypes.IsIndex(mediaType)) Documents.ParseIndex(bytes, descriptor);
        else if (MediaTypes.IsManifest(mediaType)) Documents.ParseManifest(bytes, descriptor);
        else throw new UsageException($"'{mediaType}' is neither a manifest nor an index.", "Send other content as a blob: imagekit blob put.");
        return descriptor;
    }

    // OCI lets the field be left out: then what is in it tells.
    private static string? SaidType(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            if (document.RootElement.TryGetProperty("mediaType", out JsonElement said) && said.ValueKind == JsonValueKind.String) return said.GetString();
            if (document.RootElement.TryGetProperty("manifests", out _)) return MediaTypes.Index;
            return document.RootElement.TryGetProperty("layers", out _) ? MediaTypes.Manifest : null;
        }
        catch (JsonException error)
        {
            throw new UsageException("The file is no manifest: it is not JSON.", error.Message);
        }
    }
}
