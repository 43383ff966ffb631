using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ImageKit.Dockerfile;

/// <summary>The ways in which instructions cut their arguments.</summary>
internal static class WordSplitting
{
    /// <summary>Blanks that separate arguments where quotes do not count.</summary>
    public static bool IsSeparator(char c) => c is ' ' or (>= '\t' and <= '\r' and not '\n');

    /// <summary>Cuts at blanks; quotes and escapes do not count (FROM, COPY, EXPOSE).</summary>
    public static Word[] AtBlanks(LineRange range)
    {
        string text = range.Line.Text;
        Word[] words = new Word[CountAtBlanks(range.Text)];
        int count = 0;
        for (int i = range.Start; i < range.End;)
        {
            while (i < range.End && IsSeparator(text[i])) i++;
            int start = i;
            while (i < range.End && !IsSeparator(text[i])) i++;
            if (i > start) words[count++] = range.Line.Word(start, i);
        }

        return words;
    }

    /// <summary>As <see cref="AtBlanks"/>.</summary>
    public static ImmutableArray<Word> Words(LineRange range) => ImmutableCollectionsMarshal.AsImmutableArray(AtBlanks(range));

    /// <summary>The last of the words that <see cref="AtBlanks"/> would give; there must be one.</summary>
    public static LineRange LastAtBlanks(LineRange range)
    {
        string text = range.Line.Text;
        int end = range.End;
        while (IsSeparator(text[end - 1])) end--;
        int start = end;
        while (start > range.Start && !IsSeparator(text[start - 1])) start--;
        return new(range.Line, start, end);
    }

    /// <summary>Notes the words of a line as tokens.</summary>
    /// <returns>Their number.</returns>
    public static int MarkAtBlanks(LineRange range)
    {
        if (range.Line.Marks is not null) _ = AtBlanks(range);
        return CountAtBlanks(range.Text);
    }

    /// <summary>Cuts at blanks outside of quotes; quotes and escapes stay in the words (ENV, LABEL, ARG).</summary>
    public static List<LineRange> Quoted(LineRange range)
    {
        List<LineRange> words = [];
        Quoted(range, words);
        return words;
    }

    /// <summary>As the other, into a list that is cleared before.</summary>
    public static void Quoted(LineRange range, List<LineRange> words)
    {
        words.Clear();
        char escape = range.Line.Source.Escape;
        string text = range.Line.Text;
        for (int i = range.Start; i < range.End;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            int start = i;
            i = EndOfQuotedWord(text, i, range.End, escape);
            // An escape character at the very end escapes nothing and is not part of the word.
            int end = i == range.End && EndsWithLoneEscape(text, start, i, escape) ? i - 1 : i;
            if (end > start) words.Add(new(range.Line, start, end));
        }
    }

    /// <summary>The first argument and what follows it.</summary>
    public static (LineRange First, LineRange Remaining) SplitFirst(LineRange range)
    {
        string text = range.Line.Text;
        int end = range.Start;
        while (end < range.End && !IsSeparator(text[end])) end++;
        int rest = end;
        while (rest < range.End && IsSeparator(text[rest])) rest++;
        return (range.To(end), range.From(rest));
    }

    private static int CountAtBlanks(ReadOnlySpan<char> text)
    {
        int count = 0;
        bool inWord = false;
        foreach (char c in text)
        {
            bool separates = IsSeparator(c);
            if (!separates && !inWord) count++;
            inWord = !separates;
        }

        return count;
    }

    private static int EndOfQuotedWord(string text, int i, int limit, char escape)
    {
        char quote = '\0';
        for (; i < limit; i++)
        {
            char c = text[i];
            if (c == escape && quote != '\'') i++;
            else if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else if (char.IsWhiteSpace(c)) break;
        }

        return Math.Min(i, limit);
    }

    private static bool EndsWithLoneEscape(string text, int start, int end, char escape)
    {
        char quote = '\0';
        for (int i = start; i < end; i++)
        {
            char c = text[i];
            if (c == escape && quote != '\'')
            {
                if (++i == end) return true;
            }
            else if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
        }

        return false;
    }
}
