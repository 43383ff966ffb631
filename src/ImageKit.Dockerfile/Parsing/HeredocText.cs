using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Works on the lines of heredocs.</summary>
internal static class HeredocText
{
    /// <summary>Takes the tabs at the start of every line away.</summary>
    public static string StripTabs(string body)
    {
        StringBuilder stripped = new(body.Length);
        bool atStart = true;
        foreach (char c in body)
        {
            if (atStart && c == '\t') continue;
            stripped.Append(c);
            atStart = c == '\n';
        }

        return stripped.ToString();
    }
}
