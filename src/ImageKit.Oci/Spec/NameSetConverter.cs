using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>Go's way to write a set: `{"80/tcp": {}}`.</summary>
internal sealed class NameSetConverter : JsonConverter<ImmutableSortedSet<string>>
{
    public override ImmutableSortedSet<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Expected an object of empty objects.");
        var names = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(reader.GetString()!);
            reader.Read();
            reader.Skip();
        }
        return names.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedSet<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (string name in value.Order(StringComparer.Ordinal))
        {
            writer.WriteStartObject(name);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
