namespace ImageKit.Registry;

/// <summary>`Link: &lt;URL&gt;; rel="next"`.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8288"/>
internal static class LinkHeader
{
    /// <summary>The URL of the next page, absolute or relative; null if there is none.</summary>
    public static string? Next(string? header)
    {
        ReadOnlySpan<char> rest = header;
        while (rest.IndexOf('<') is >= 0 and int start && rest[start..].IndexOf('>') is > 0 and int length)
        {
            string url = rest.Slice(start + 1, length - 1).ToString();
            rest = rest[(start + length + 1)..];
            int following = rest.IndexOf('<');
            string parameters = (following < 0 ? rest : rest[..following]).ToString().Replace(" ", "", StringComparison.Ordinal);
            if (parameters.Contains(";rel=\"next\"", StringComparison.OrdinalIgnoreCase) || parameters.Contains(";rel=next", StringComparison.OrdinalIgnoreCase)) return url;
        }
        return null;
    }
}
