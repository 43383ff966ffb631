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
}
