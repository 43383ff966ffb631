using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace ImageKit.Registry;

/// <summary>A TOML table with the place of every key; a value is a string, a bool, a long, a list of values, a table, or null for other kinds.</summary>
internal sealed class TomlTable(ConfigurationPlace place)
{
    private readonly List<TomlEntry> _entries = [];

    public ConfigurationPlace Place => place;

    /// <summary>The entries in the order of the file.</summary>
    public IReadOnlyList<TomlEntry> Entries => _entries;

    /// <summary>Reads a file; what is no TOML is found, and what was read before it is kept.</summary>
    public static TomlTable Read(string text, string file, ConfigurationFindings findings)
    {
        TomlTable root = new(findings.At(1));
        DocumentSyntax document = SyntaxParser.Parse(text, file, validate: true);
        foreach (DiagnosticMessage message in document.Diagnostics)
        {
            ConfigurationPlace at = findings.At(message.Span.Start.Line + 1, message.Span.Start.Column + 1);
            if (message.Kind == DiagnosticMessageKind.Error) findings.Error(at, message.Message, "Mend the TOML.");
            else findings.Warning(at, message.Message);
        }
        if (document.HasErrors) return root;
        root.Add(document.KeyValues, findings);
        foreach (TableSyntaxBase table in document.Tables) root.At(table, findings).Add(table.Items, findings);
        return root;
    }

    public TomlEntry? Find(string key) => _entries.Find(entry => entry.Key == key);

    private TomlTable At(TableSyntaxBase table, ConfigurationFindings findings)
    {
        string[] path = [.. Path(table.Name!)];
        ConfigurationPlace at = PlaceOf(table, findings);
        TomlTable parent = path[..^1].Aggregate(this, (current, key) => current.Child(key, at));
        if (table is not TableArraySyntax) return parent.Child(path[^1], at);
        if (parent.Find(path[^1]) is not { Value: List<object?> list })
        {
            list = [];
            parent._entries.Add(new(path[^1], list, at));
        }
        TomlTable made = new(at);
        list.Add(made);
        return made;
    }

    // A name that runs through an array of tables means its last one.
    private TomlTable Child(string key, ConfigurationPlace at)
    {
        switch (Find(key)?.Value)
        {
            case TomlTable table: return table;
            case List<object?> { Count: > 0 } list when list[^1] is TomlTable last: return last;
        }
        TomlTable made = new(at);
        _entries.Add(new(key, made, at));
        return made;
    }

    private void Add(IEnumerable<KeyValueSyntax> pairs, ConfigurationFindings findings)
    {
        foreach (KeyValueSyntax pair in pairs)
        {
            string[] path = [.. Path(pair.Key!)];
            ConfigurationPlace at = PlaceOf(pair, findings);
            TomlTable parent = path[..^1].Aggregate(this, (current, key) => current.Child(key, at));
            parent._entries.Add(new(path[^1], Value(pair.Value, findings), at));
        }
    }

    private static object? Value(ValueSyntax? value, ConfigurationFindings findings)
    {
        switch (value)
        {
            case StringValueSyntax text: return text.Value;
            case BooleanValueSyntax flag: return flag.Value;
            case IntegerValueSyntax number: return number.Value;
            case ArraySyntax array: return array.Items.Select(item => Value(item.Value, findings)).ToList();
            case InlineTableSyntax inline:
                TomlTable table = new(PlaceOf(inline, findings));
                table.Add(inline.Items.Select(item => item.KeyValue!), findings);
                return table;
            default: return null;
        }
    }

    private static IEnumerable<string> Path(KeySyntax key) => key.DotKeys.Select(part => Text(part.Key!)).Prepend(Text(key.Key!));

    private static string Text(BareKeyOrStringValueSyntax key) => key is StringValueSyntax quoted ? quoted.Value! : ((BareKeySyntax)key).Key!.Text!;

    private static ConfigurationPlace PlaceOf(SyntaxNode node, ConfigurationFindings findings) =>
        findings.At(node.Span.Start.Line + 1, node.Span.Start.Column + 1);
}
