using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>Reads the known keys of a table, and tells of those with a value of the wrong kind and of those that nobody asked for.</summary>
internal sealed class TomlSection(TomlTable table, string name, ConfigurationFindings findings)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ConfigurationPlace Place => table.Place;

    public string Name => name;

    public bool Has(string key) => table.Find(key) is not null;

    public ConfigurationPlace PlaceOf(string key) => table.Find(key)?.Place ?? table.Place;

    public string? Text(string key) => Read<string>(key, "a string");

    public bool? Flag(string key)
    {
        _known.Add(key);
        if (table.Find(key) is not { } entry) return null;
        if (entry.Value is bool flag) return flag;
        Wrong(entry, "true or false");
        return null;
    }

    /// <summary>A list of strings; `default` if the key is not there.</summary>
    public ImmutableArray<string> Texts(string key)
    {
        if (Read<List<object?>>(key, "a list of strings") is not { } list) return default;
        if (list.Any(item => item is not string)) Wrong(table.Find(key)!, "a list of strings");
        return [.. list.OfType<string>()];
    }

    /// <summary>A list of anything; `default` if the key is not there.</summary>
    public ImmutableArray<object?> List(string key) => Read<List<object?>>(key, "a list") is { } list ? [.. list] : default;

    /// <summary>The raw value, for keys that may be of several kinds.</summary>
    public object? Any(string key)
    {
        _known.Add(key);
        return table.Find(key)?.Value;
    }

    public TomlSection? Section(string key) => Read<TomlTable>(key, "a table") is { } inner ? new(inner, Below(key), findings) : null;

    /// <summary>An array of tables.</summary>
    public ImmutableArray<TomlSection> Sections(string key)
    {
        if (Read<List<object?>>(key, "an array of tables") is not { } list) return [];
        if (list.Any(item => item is not TomlTable)) Wrong(table.Find(key)!, "an array of tables");
        return [.. list.OfType<TomlTable>().Select(item => new TomlSection(item, Below(key), findings))];
    }

    /// <summary>Every key, whose value must be a table.</summary>
    public IEnumerable<(string Key, TomlSection Section)> Tables()
    {
        foreach (TomlEntry entry in table.Entries)
        {
            _known.Add(entry.Key);
            if (entry.Value is TomlTable inner) yield return (entry.Key, new(inner, Below(entry.Key), findings));
            else Wrong(entry, "a table");
        }
    }

    /// <summary>Every key with its raw value.</summary>
    public IEnumerable<TomlEntry> All()
    {
        _known.UnionWith(table.Entries.Select(entry => entry.Key));
        return table.Entries;
    }

    /// <summary>Warns of keys that were not asked for: they have no effect.</summary>
    public void WarnOfTheRest()
    {
        foreach (TomlEntry entry in table.Entries.Where(entry => !_known.Contains(entry.Key)))
        {
            findings.Warning(entry.Place, $"'{Below(entry.Key)}' is not known and has no effect.", "See that the key is spelt well.");
        }
    }

    public void Wrong(TomlEntry entry, string wanted) => findings.Error(entry.Place, $"'{Below(entry.Key)}' is not {wanted}.");

    private T? Read<T>(string key, string wanted)
        where T : class
    {
        _known.Add(key);
        if (table.Find(key) is not { } entry) return null;
        if (entry.Value is T value) return value;
        Wrong(entry, wanted);
        return null;
    }

    private string Below(string key) => name.Length == 0 ? key : $"{name}.{key}";
}
