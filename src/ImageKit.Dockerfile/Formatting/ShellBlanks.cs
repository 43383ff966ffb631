using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Takes away what blanks between the words of a shell command do not mean.</summary>
internal static class ShellBlanks
{
    /// <summary>The command with each run of blanks outside quotes as one blank; if asked for, with lists of packages sorted.</summary>
    public static string Collapse(string line, bool sortsLists)
    {
        List<string> words = Words(line);
        if (sortsLists) Sort(words);
        return string.Join(' ', words);
    }

    private static List<string> Words(string line)
    {
        QuoteScanner scanner = new('\\');
        List<string> words = [];
        StringBuilder word = new();
        foreach (char c in line)
        {
            bool separates = c is ' ' or '\t' && scanner.IsPlain;
            scanner.Feed(c);
            if (!separates)
            {
                word.Append(c);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }

    private static void Sort(List<string> words)
    {
        int start = -1;
        for (int i = 0; i <= words.Count; i++)
        {
            bool isPackage = i < words.Count && PackageLists.IsPackage(words[i]);
            if (start >= 0 && !isPackage)
            {
                words.Sort(start, i - start, StringComparer.Ordinal);
                start = -1;
            }
            else if (isPackage && start < 0 && PackageLists.EndsInInstall(string.Join(' ', words.Take(i))))
            {
                start = i;
            }
        }
    }
}
