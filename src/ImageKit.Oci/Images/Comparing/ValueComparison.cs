using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>Compares what images say of themselves, value by value; of unknown fields too.</summary>
internal static class ValueComparison
{
    // They follow from the rest, or are shown as layers.
    private static readonly string[] Left = ["manifest.config.digest", "manifest.config.size", "manifest.layers", "config.rootfs", "config.history"];

    /// <summary>All values by name; variables of the environment each by its own.</summary>
    public static SortedDictionary<string, string> List(ReadOnlyMemory<byte> manifest, ReadOnlyMemory<byte> config)
    {
        SortedDictionary<string, string> values = new(StringComparer.Ordinal);
        using JsonDocument first = JsonDocument.Parse(manifest), second = JsonDocument.Parse(config);
        Add(values, "manifest", first.RootElement);
        Add(values, "config", second.RootElement);
        return values;
    }

    /// <summary>Those that differ.</summary>
    public static ImmutableArray<ValueChange> Compare(SortedDictionary<string, string> before, SortedDictionary<string, string> after) =>
    [
        .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(name => new ValueChange(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name))).Where(change => change.Before != change.After),
    ];

    private static void Add(SortedDictionary<string, string> values, string name, JsonElement value)
    {
        if (Left.Contains(name)) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                // The runtime's part of a configuration is called config again.
                foreach (JsonProperty field in value.EnumerateObject()) Add(values, name == "config" && field.Name == "config" ? name : $"{name}.{field.Name}", field.Value);
                break;
            case JsonValueKind.Array when name == "config.Env":
                foreach (string line in value.EnumerateArray().Select(line => line.ToString())) values[$"{name}.{line.Split('=')[0]}"] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
                break;
            default:
                values[name] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                break;
        }
    }
}
