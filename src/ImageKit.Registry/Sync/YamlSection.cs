using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace ImageKit.Registry;

/// <summary>Reads the known keys of a YAML mapping, and tells of those with a value of the wrong kind and of those that nobody asked for.</summary>
internal sealed class YamlSection(YamlMappingNode mapping, string name, ConfigurationFindings findings)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ConfigurationPlace Place => PlaceOf(mapping, findings);

    public static ConfigurationPlace PlaceOf(YamlNode node, ConfigurationFindings findings) => findings.At((int)node.Start.Line, (int)node.Start.Column);

    public ConfigurationPlace PlaceOf(string key) => Find(key) is { } node ? PlaceOf(node, findings) : Place;

    public bool Has(string key) => Find(key) is not null;

    public string? Text(string key)
    {
        if (Find(key) is not { } node) return null;
        if (node is YamlScalarNode { Value: { } text } && text.Length > 0) return text;
        Wrong(node, key, "a text");
        return null;
    }

    /// <summary>A list of texts, or a single one; empty if the key is not there.</summary>
    public ImmutableArray<string> Texts(string key)
    {
        switch (Find(key))
        {
            case null: return [];
            case YamlScalarNode { Value: { Length: > 0 } one }: return [one];
            case YamlSequenceNode list when list.All(item => item is YamlScalarNode): return [.. list.Select(item => ((YamlScalarNode)item).Value ?? "")];
            case { } node:
                Wrong(node, key, "a list of texts");
                return [];
        }
    }

    public bool? Flag(string key)
    {
        if (Find(key) is not { } node) return null;
        if (node is YamlScalarNode { Value: "true" or "false" } scalar) return scalar.Value == "true";
        Wrong(node, key, "true or false");
        return null;
    }

    public int? Number(string key, int least)
    {
        if (Find(key) is not { } node) return null;
        if (node is YamlScalarNode scalar && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least) return number;
        Wrong(node, key, $"a number from {least.ToString(CultureInfo.InvariantCulture)} on");
        return null;
    }

    public YamlNode? Node(string key) => Find(key);

    public YamlSection? Section(string key)
    {
        if (Find(key) is not { } node) return null;
        if (node is YamlMappingNode inner) return new(inner, Below(key), findings);
        Wrong(node, key, "a mapping");
        return null;
    }

    public ImmutableArray<YamlSection> Sections(string key)
    {
        if (Find(key) is not { } node) return [];
        if (node is YamlSequenceNode list && list.All(item => item is YamlMappingNode)) return [.. list.Select((item, index) => new YamlSection((YamlMappingNode)item, $"{Below(key)}[{index.ToString(CultureInfo.InvariantCulture)}]", findings))];
        Wrong(node, key, "a list of mappings");
        return [];
    }

    public void WarnOfTheRest()
    {
        foreach ((YamlNode key, _) in mapping.Children)
        {
            string text = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_known.Contains(text)) findings.Error(PlaceOf(key, findings), $"'{Below(text)}' is not known.", $"Known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }

    private void Wrong(YamlNode node, string key, string wanted) => findings.Error(PlaceOf(node, findings), $"'{Below(key)}' is not {wanted}.");

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        return mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;
    }

    private string Below(string key) => name.Length == 0 ? key : $"{name}.{key}";
}
