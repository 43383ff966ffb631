namespace ImageKit.Dockerfile;

/// <summary>Finds the variables that a shell script uses.</summary>
internal static class ShellVariables
{
    /// <summary>Names of variables outside single quotes, without those that are provided for (<c>${name:-x}</c>).</summary>
    public static IEnumerable<string> UsedIn(string text)
    {
        bool single = false;
        bool isDouble = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && !single) i++;
            else if (c == '\'' && !isDouble) single = !single;
            else if (c == '"' && !single) isDouble = !isDouble;
            else if (c == '$' && !single && NameAt(text, i + 1) is { Length: > 0 } name) yield return name;
        }
    }

    private static string? NameAt(string text, int at)
    {
        bool braced = at < text.Length && text[at] == '{';
        if (braced) at++;
        int end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
        if (end == at || char.IsAsciiDigit(text[at])) return null;
        if (!braced) return text[at..end];
        int modifier = end < text.Length && text[end] == ':' ? end + 1 : end;
        return modifier < text.Length && text[modifier] is '-' or '+' or '?' or '=' ? null : text[at..end];
    }
}
