using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>Tells what a document is from its bytes, for a digest that comes without a descriptor.</summary>
internal static class DocumentKind
{
    public static async Task<Descriptor?> DescribeAsync(string path, Digest digest, CancellationToken cancel)
    {
        if (new FileInfo(path) is not { Exists: true, Length: <= Documents.MaxManifestBytes }) return null;
        return Describe(await File.ReadAllBytesAsync(path, cancel).ConfigureAwait(false), digest);
    }

    /// <summary>The descriptor of a manifest or index; null if the bytes are neither.</summary>
    public static Descriptor? Describe(byte[] bytes, Digest digest)
    {
        if (bytes.Length > Documents.MaxManifestBytes || bytes.Length == 0 || bytes[0] is 0x1f or 0x28) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return MediaTypeOf(document.RootElement) is { } mediaType ? new() { MediaType = mediaType, Digest = digest, Size = bytes.Length } : null;
        }
        catch (JsonException) // a layer or another blob
        {
            return null;
        }
    }

    private static string? MediaTypeOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (root.TryGetProperty("mediaType", out JsonElement said) && said.ValueKind == JsonValueKind.String && said.GetString() is { } text
            && (MediaTypes.IsManifest(text) || MediaTypes.IsIndex(text))) return text;
        if (root.TryGetProperty("manifests", out _)) return MediaTypes.Index;
        return root.TryGetProperty("layers", out _) && root.TryGetProperty("config", out _) ? MediaTypes.Manifest : null;
    }
}
