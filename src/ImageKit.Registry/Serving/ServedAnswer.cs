using System.Text.Json;

namespace ImageKit.Registry;

/// <summary>An answer of a registry, as plain values.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; of an answer to HEAD what GET would have given.</param>
internal sealed record ServedAnswer(int Status, ReadOnlyMemory<byte> Body = default)
{
    /// <summary>The headers beside the length, in their order.</summary>
    public List<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body where it is not held in memory: of just the length declared, closed by whoever sends it; null if there is none.</summary>
    public Stream? Content { get; init; }

    /// <summary>What went wrong on this side, for its log; null if nothing did.</summary>
    public Exception? Fault { get; init; }

    /// <summary>The length to declare, if the body is not sent (HEAD) or is another's.</summary>
    public long Length { get; init; } = Body.Length;

    public ServedAnswer With(string name, string value)
    {
        Headers.Add(KeyValuePair.Create(name, value));
        return this;
    }

    /// <summary>A refusal in the protocol's form.</summary>
    public static ServedAnswer Error(int status, string code, string message) =>
        OfJson(status, "application/json", writer =>
        {
            writer.WriteStartArray("errors");
            writer.WriteStartObject();
            writer.WriteString("code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });

    /// <summary>A JSON object.</summary>
    public static ServedAnswer OfJson(int status, string mediaType, Action<Utf8JsonWriter> fields)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }
        return new ServedAnswer(status, bytes.ToArray()).With("Content-Type", mediaType);
    }
}
