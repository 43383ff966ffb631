using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>Reads maps sorted ordinally: the default comparer of strings follows the machine's culture, and what is written is hashed.</summary>
internal sealed class OrdinalMapConverter : JsonConverter<ImmutableSortedDictionary<string, string>>
{
    public override ImmutableSortedDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Expected an object of strings.");
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            // Some writers give null for an empty value.
            string value = reader.TokenType == JsonTokenType.Null ? "" : reader.GetString()!;
            if (!map.TryAdd(name, value)) throw new JsonException($"The name '{name}' stands twice.");
        }
        return map.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, string text) in value.OrderBy(pair => pair.Key, StringComparer.Ordinal)) writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}
