using System.Globalization;
using System.Text;

namespace ImageKit.Cli.Printing;

/// <summary>Texts of strangers, as a terminal may show them: what would move its cursor or change its colours is written out, what is endless is cut.</summary>
internal static class Printable
{
    private const int Longest = 2000;

    /// <summary>The text with control characters as `\\u001b`; tabs stay, and line breaks where <paramref name="lines"/> says so.</summary>
    public static string Of(string text, bool lines = false)
    {
        ReadOnlySpan<char> shown = text.AsSpan(0, Math.Min(text.Length, Longest));
        StringBuilder result = new(shown.Length);
        foreach (char c in shown)
        {
            if (c == '\t' || (c == '\n' && lines) || !IsControl(c)) result.Append(c);
            else result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return text.Length > Longest ? result.Append('…').ToString() : result.ToString();
    }

    /// <summary>A text of many lines, each as <see cref="Of"/> makes it.</summary>
    public static string EachLine(string text) => string.Join('\n', text.Split('\n').Select(line => Of(line.TrimEnd('\r'))));

    private static bool IsControl(char c) => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069'; // turns of direction, which show a text as another
}
