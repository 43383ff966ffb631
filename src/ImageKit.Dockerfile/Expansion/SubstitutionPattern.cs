using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>The patterns of <c>${v#p}</c>, <c>${v%p}</c> and <c>${v/p/r}</c>: <c>*</c>, <c>?</c> and escapes by <c>\</c>; no brackets.</summary>
internal static class SubstitutionPattern
{
    /// <summary>Takes what the pattern matches off the start or the end.</summary>
    /// <returns>The rest; null if the pattern is faulty.</returns>
    public static string? Trim(string value, string pattern, bool fromEnd, bool longest, out string? error)
    {
        if (Parse(pattern, fromEnd, out error) is not { } parts) return null;
        Rune[] runes = ToRunes(value);
        if (fromEnd) Array.Reverse(runes);
        int end = GlobSearch.PrefixEnd(parts, runes, longest);
        if (end <= 0) return value;
        Rune[] rest = runes[end..];
        if (fromEnd) Array.Reverse(rest);
        return ToText(rest);
    }

    /// <summary>Replaces the first match, or all of them; of several the leftmost, and of these the longest.</summary>
    /// <returns>The new value; null if the pattern is faulty.</returns>
    public static string? Replace(string value, string pattern, string with, bool all, out string? error)
    {
        if (Parse(pattern, reversed: false, out error) is not { } parts) return null;
        Rune[] runes = ToRunes(value);
        StringBuilder result = new();
        int copied = 0;
        int from = 0;
        int lastEnd = -1;
        while (from <= runes.Length && GlobSearch.Find(parts, runes, from) is { } match)
        {
            bool empty = match.Start == match.End;
            if (!empty || match.Start != lastEnd)
            {
                result.Append(ToText(runes[copied..match.Start]));
                // Only the form for all matches knows templates; so it is in BuildKit.
                result.Append(all ? FillTemplate(with, ToText(runes[match.Start..match.End])) : with);
                copied = lastEnd = match.End;
            }

            if (!all) break;
            from = empty ? match.End + 1 : match.End;
        }

        return result.Append(ToText(runes[copied..])).ToString();
    }

    // In the template of BuildKit's regular expression $0 is the match, other names are empty groups, $$ is a dollar.
    private static string FillTemplate(string template, string match)
    {
        if (!template.Contains('$')) return template;
        StringBuilder result = new();
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] != '$' || i + 1 == template.Length)
            {
                result.Append(template[i]);
                continue;
            }

            bool braced = template[i + 1] == '{';
            int start = i + (braced ? 2 : 1);
            int end = start;
            while (end < template.Length && (char.IsLetterOrDigit(template[end]) || template[end] == '_')) end++;
            if (template[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (end == start || (braced && (end == template.Length || template[end] != '}')))
            {
                result.Append('$');
            }
            else
            {
                if (template.AsSpan(start, end - start) is "0") result.Append(match);
                i = braced ? end : end - 1;
            }
        }

        return result.ToString();
    }

    private static GlobPart[]? Parse(string pattern, bool reversed, out string? error)
    {
        error = null;
        List<GlobPart> parts = [];
        Rune[] runes = ToRunes(pattern);
        for (int i = 0; i < runes.Length; i++)
        {
            GlobPart part = runes[i].Value switch { '*' => GlobPart.Star, '?' => GlobPart.Any, _ => GlobPart.Literal(runes[i]) };
            if (runes[i].Value == '\\')
            {
                int next = i + 1 < runes.Length ? runes[i + 1].Value : -1;
                if (next is not ('*' or '?' or '\\' or '}' or '/'))
                {
                    string shown = next < 0 ? "\uFFFD" : runes[i + 1].ToString();
                    error = $"invalid pattern ({pattern}) in substitution: invalid escape '\\{shown}'";
                    return null;
                }

                part = GlobPart.Literal(runes[++i]);
            }

            parts.Add(part);
        }

        if (reversed) parts.Reverse();
        return [.. parts];
    }

    private static Rune[] ToRunes(string text) => [.. text.EnumerateRunes()];

    private static string ToText(ReadOnlySpan<Rune> runes)
    {
        StringBuilder text = new(runes.Length);
        foreach (Rune rune in runes) text.Append(rune.ToString());
        return text.ToString();
    }
}
