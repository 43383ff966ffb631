using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>The one field of the file `oci-layout`.</summary>
internal static class LayoutVersion
{
    /// <summary>What we write.</summary>
    public static ReadOnlySpan<byte> Text => """{"imageLayoutVersion":"1.0.0"}"""u8;

    /// <summary>The version text, or null if there is none to read.</summary>
    public static string? Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("imageLayoutVersion", out JsonElement version)
                && version.ValueKind == JsonValueKind.String ? version.GetString() : null;
        }
        catch (JsonException) // not JSON at all: the caller says what the file holds
        {
            return null;
        }
    }
}
