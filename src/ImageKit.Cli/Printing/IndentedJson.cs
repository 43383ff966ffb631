using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageKit.Cli.Printing;

/// <summary>Prints JSON for people and programs: indented, with a line end.</summary>
internal static class IndentedJson
{
    public static void Write(Stream output, JsonNode node)
    {
        using (Utf8JsonWriter writer = new(output, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) node.WriteTo(writer);
        output.WriteByte((byte)'\n');
    }

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
