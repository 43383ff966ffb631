using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace ImageKit.Registry;

/// <summary>Reads the body of a refusal: the protocol's JSON, a token server's, or whatever a proxy sent.</summary>
internal static class ErrorBody
{
    public const int MostBytes = 64 * 1024;
    private const int MostText = 300;

    /// <summary>The errors; empty if there are none to be read.</summary>
    public static ImmutableArray<RegistryError> Read(byte[]? body, string contentType)
    {
        if (body is null or { Length: 0 }) return [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return Read(document.RootElement);
        }
        catch (JsonException)
        {
            // No JSON: it is text or a page.
        }
        string text = Encoding.UTF8.GetString(body).Trim();
        if (text.StartsWith('<') || contentType.Contains("html", StringComparison.OrdinalIgnoreCase)) return [new("", "(a web page, not a registry's answer)")];
        return text.Length == 0 ? [] : [new("", Shorten(text))];
    }

    private static ImmutableArray<RegistryError> Read(JsonElement root)
    {
        if (root.TryGetProperty("errors", out JsonElement errors) && errors.ValueKind == JsonValueKind.Array)
        {
            return [.. from error in errors.EnumerateArray().Take(16)
                       where error.ValueKind == JsonValueKind.Object
                       select new RegistryError(Text(error, "code"), Shorten(Text(error, "message")), Detail(error))];
        }
        // RFC 6749's form, and those of some token servers.
        string code = Text(root, "error"), message = Text(root, "error_description");
        if (message.Length == 0) message = Text(root, "details");
        if (message.Length == 0) message = Text(root, "message");
        return code.Length + message.Length == 0 ? [] : [new(code, Shorten(message))];
    }

    private static string Detail(JsonElement error) =>
        error.TryGetProperty("detail", out JsonElement detail) && detail.ValueKind != JsonValueKind.Null ? Shorten(detail.GetRawText()) : "";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // One line, no control characters: it goes to a terminal.
    private static string Shorten(string text)
    {
        string line = new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= MostText ? line : line[..MostText] + "...";
    }
}
