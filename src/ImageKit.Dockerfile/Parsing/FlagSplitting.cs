using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Takes the flags off the front of an instruction's arguments.</summary>
internal static class FlagSplitting
{
    /// <summary>Reads words that begin with <c>--</c> up to the first other word, or behind a bare <c>--</c>.</summary>
    /// <returns>What follows the flags, trimmed.</returns>
    public static LineRange Split(LineRange range, List<Flag> flags)
    {
        string text = range.Line.Text;
        int at = range.Start;
        while (true)
        {
            while (at < range.End && char.IsWhiteSpace(text[at])) at++;
            if (at + 1 >= range.End || text[at] != '-' || text[at + 1] != '-') return range.From(at).Trim();
            int start = at;
            string word = Unquote(range, ref at);
            range.Line.Mark(start, at, TokenKind.Flag);
            if (word == "--") return range.From(at).Trim();
            flags.Add(ToFlag(range, start, at, word));
        }
    }

    // The escape character here is the backslash, whatever the file's is; so it is in BuildKit.
    private static string Unquote(LineRange range, ref int at)
    {
        string text = range.Line.Text;
        StringBuilder word = new();
        char quote = '\0';
        for (; at < range.End; at++)
        {
            char c = text[at];
            if (quote == '\0' && char.IsWhiteSpace(c)) break;
            if (c == '\\')
            {
                if (++at < range.End) word.Append(text[at]);
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && (c is '\'' or '"'))
            {
                quote = c;
            }
            else
            {
                word.Append(c);
            }
        }

        at = Math.Min(at, range.End);
        return word.ToString();
    }

    private static Flag ToFlag(LineRange range, int start, int end, string word)
    {
        SourceSpan span = range.Line.Span(start, end);
        int equals = word.IndexOf('=');
        if (equals < 0) return new(word[2..], null, span);
        int raw = range.Line.Text.IndexOf('=', start, end - start);
        SourceSpan valueSpan = raw < 0 ? span : range.Line.Span(raw + 1, end);
        return new(word[2..equals], new Word(word[(equals + 1)..], valueSpan), span);
    }
}
