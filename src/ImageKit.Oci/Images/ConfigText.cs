using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;

namespace ImageKit.Oci;

/// <summary>The small forms in which a configuration writes things.</summary>
internal static class ConfigText
{
    /// <summary>`["a", "b"]` as a history line shows it.</summary>
    public static string Json(IEnumerable<string> words)
    {
        var text = new StringBuilder("[");
        foreach (string word in words)
        {
            if (text.Length > 1) text.Append(", ");
            text.Append('"').Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(word)).Append('"');
        }
        return text.Append(']').ToString();
    }

    /// <summary>Replaces a variable where it stands, or adds it at the end.</summary>
    public static ImmutableArray<string> SetVariable(ImmutableArray<string>? environment, string name, string value)
    {
        ImmutableArray<string> all = environment is { IsDefault: false } given ? given : [];
        for (int i = 0; i < all.Length; i++)
            if (all[i].StartsWith(name + "=", StringComparison.Ordinal)) return all.SetItem(i, $"{name}={value}");
        return all.Add($"{name}={value}");
    }

    public static ImmutableSortedSet<string> Add(ImmutableSortedSet<string>? set, string name) => (set ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Add(name);

    /// <summary>Takes a name out; null where none is left.</summary>
    public static ImmutableSortedSet<string>? Remove(ImmutableSortedSet<string>? set, string name) => set?.Remove(name) is { IsEmpty: false } left ? left : null;

    /// <summary>The words of a command; null for none.</summary>
    public static ImmutableArray<string>? Words(string[] words) => words.Length == 0 ? null : [.. words];

    /// <summary>A time as configurations write it.</summary>
    /// <param name="seconds">Since 1970.</param>
    public static string Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
