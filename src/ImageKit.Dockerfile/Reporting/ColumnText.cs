using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Rows under headings, columns three blanks apart.</summary>
internal static class ColumnText
{
    public static string Of(int gap, params IReadOnlyList<string[]> rows)
    {
        int columns = rows.Count == 0 ? 0 : rows.Max(row => row.Length);
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => rows.Max(row => column < row.Length ? row[column].Length : 0))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            StringBuilder line = new();
            for (int i = 0; i < row.Length; i++) line.Append(i == row.Length - 1 ? row[i] : row[i].PadRight(widths[i] + gap));
            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
