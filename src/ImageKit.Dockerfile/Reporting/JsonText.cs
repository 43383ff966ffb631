using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageKit.Dockerfile;

/// <summary>Writes JSON, indented, and the parts that BuildKit's documents share.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    public static string Write(Action<Utf8JsonWriter> content)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options)) content(json);
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <summary>An array of objects; nothing if it is empty.</summary>
    public static void Array<T>(Utf8JsonWriter json, string name, ImmutableArray<T> items, Action<T> content)
    {
        if (items.IsEmpty) return;
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            content(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Lines of the one source.</summary>
    public static void Location(Utf8JsonWriter json, SourceSpan span, int lastLine)
    {
        json.WriteStartObject("location");
        json.WriteNumber("sourceIndex", 0);
        json.WriteStartArray("ranges");
        if (span.Line > 0)
        {
            json.WriteStartObject();
            Line(json, "start", span.Line);
            Line(json, "end", lastLine);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Sources(Utf8JsonWriter json, string source)
    {
        json.WriteStartArray("sources");
        json.WriteBase64StringValue(Encoding.UTF8.GetBytes(source));
        json.WriteEndArray();
    }

    private static void Line(Utf8JsonWriter json, string name, int line)
    {
        json.WriteStartObject(name);
        json.WriteNumber("line", line);
        json.WriteEndObject();
    }
}
