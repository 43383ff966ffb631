using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Sorts lists of packages that stand one a line.</summary>
internal static class PackageSort
{
    public static void Apply(List<FormatLine> lines)
    {
        StringBuilder before = new();
        for (int i = 0; i < lines.Count;)
        {
            int end = i;
            while (end < lines.Count && IsSlot(lines[end])) end++;
            if (end - i > 1 && PackageLists.EndsInInstall(before.ToString())) Sort(lines, i, end);
            end = Math.Max(end, i + 1);
            for (; i < end; i++)
            {
                if (!lines[i].IsComment) before.Append(lines[i].Leading).Append(Word(lines[i])).Append(' ');
            }
        }
    }

    // Only the names change places; what ends the lines stays where it is.
    private static void Sort(List<FormatLine> lines, int start, int end)
    {
        string[] names = [.. lines[start..end].Select(Word).Order(StringComparer.Ordinal)];
        for (int i = start; i < end; i++) lines[i].Content = names[i - start] + lines[i].Content[Word(lines[i]).Length..];
    }

    private static bool IsSlot(FormatLine line) => line.CanMove && !line.IsBody && PackageLists.IsPackage(Word(line));

    // The line without the continuation at its end.
    private static string Word(FormatLine line) => line.Content.TrimEnd('\\').TrimEnd();
}
