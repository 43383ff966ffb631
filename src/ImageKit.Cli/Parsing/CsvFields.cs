using System.Text;

namespace ImageKit.Cli.Parsing;

/// <summary>The `key=value,key=value` texts of Docker's options: fields are CSV, so a field may be quoted to hold a comma.</summary>
internal static class CsvFields
{
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> fields = [];
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
            else if (c == '"') quoted = !quoted;
            else if (c == ',' && !quoted) Take();
            else field.Append(c);
        }
        if (quoted) throw new UsageException($"'{text}' has an opening quote without a closing one.", "Close the quote.");
        Take();
        return fields;

        void Take()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }

    /// <summary>Reads fields as pairs; a bare word is a pair with the value `true`, as Docker has it.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string text) => [.. Split(text).Select(field =>
    {
        int equals = field.IndexOf('=');
        return equals < 0 ? KeyValuePair.Create(field.Trim(), "true") : KeyValuePair.Create(field[..equals].Trim(), field[(equals + 1)..]);
    })];
}
