namespace ImageKit.Registry;

/// <summary>A request to a registry, as plain values.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Without query, not decoded, from the first slash on.</param>
/// <param name="Query">The names and values, decoded, in their order.</param>
/// <param name="Header">Finds a header by name; null if absent.</param>
/// <param name="Body">The body.</param>
internal sealed record ServedRequest(string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Query, Func<string, string?> Header, Stream Body)
{
    /// <summary>The first value of a name in the query, or null.</summary>
    public string? Ask(string name) => Query.FirstOrDefault(pair => pair.Key == name).Value;

    /// <summary>Reads `a=1&amp;b=2`.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ParseQuery(string query) =>
        [.. from part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            let sign = part.IndexOf('=', StringComparison.Ordinal)
            select KeyValuePair.Create(Decode(sign < 0 ? part : part[..sign]), sign < 0 ? "" : Decode(part[(sign + 1)..]))];

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
