namespace ImageKit.Dockerfile;

/// <summary>Finds what a mistyped word probably was.</summary>
internal static class DidYouMean
{
    /// <summary>Of more names than this, callers that seek often should not seek: each search looks at all of them.</summary>
    public const int MaxOptions = 1000;

    private const int MaxDistance = 2;

    // A word longer than any option by more than the distance needs no table.
    private const int MaxLength = 64;

    /// <summary>The end of a message, <c>(did you mean x?)</c> with a blank before it.</summary>
    /// <returns>The addition to a message; empty if nothing is near, or one option is equal.</returns>
    public static string Suffix(string word, IEnumerable<string> options, bool ignoreCase = false) =>
        Find(word, options, ignoreCase) is { } match ? $" (did you mean {match}?)" : "";

    /// <summary>The nearest option, at most two edits away; null if there is none or one is equal.</summary>
    public static string? Find(string word, IEnumerable<string> options, bool ignoreCase = false)
    {
        if (word.Length > MaxLength) return null;
        string sought = ignoreCase ? word.ToLowerInvariant() : word;
        string? best = null;
        int bestDistance = MaxDistance + 1;
        foreach (string option in options)
        {
            string candidate = ignoreCase ? option.ToLowerInvariant() : option;
            if (candidate == sought) return null;
            if (Math.Abs(candidate.Length - sought.Length) >= bestDistance) continue;
            int distance = Distance(sought, candidate);
            if (distance >= bestDistance) continue;
            bestDistance = distance;
            best = ignoreCase ? InCaseOf(candidate, word) : option;
        }

        return best;
    }

    private static string InCaseOf(string option, string word) =>
        word == word.ToUpperInvariant() && word != word.ToLowerInvariant() ? option.ToUpperInvariant() : option;

    private static int Distance(string a, string b)
    {
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
