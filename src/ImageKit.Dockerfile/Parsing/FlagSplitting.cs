using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Takes the flags off the front of an instruction's arguments.</summary>
internal static class FlagSplitting
{
    /// <summary>Reads words that begin with <c>--</c> up to the first other word, or behind a bare <c>--</c>.</summary>
    /// <returns>What follows the flags, trimmed.</returns>
    public static LineRange Split(LineRange range, out ImmutableArray<Flag> flags)
    {
        flags = [];
        range = range.Trim();
        if (!BeginsFlag(range)) return range;
        ImmutableArray<Flag>.Builder found = ImmutableArray.CreateBuilder<Flag>(2);
        while (BeginsFlag(range))
        {
            int end = EndOf(range, out bool isPlain);
            range.Line.Mark(range.Start, end, TokenKind.Flag);
            LineRange word = range with { End = end };
            range = range.From(end).Trim();
            string? text = isPlain ? null : Unquote(word.Text);
            if (text is null ? word.Text is "--" : text == "--") break;
            found.Add(text is null ? Plain(word) : Quoted(word, text));
        }

        flags = found.DrainToImmutable();
        return range;
    }

    private static bool BeginsFlag(LineRange range) => range.End - range.Start >= 2 && range.Text.StartsWith("--", StringComparison.Ordinal);

    // The escape character here is the backslash, whatever the file's is; so it is in BuildKit.
    private static int EndOf(LineRange range, out bool isPlain)
    {
        string text = range.Line.Text;
        isPlain = true;
        char quote = '\0';
        int at = range.Start;
        for (; at < range.End; at++)
        {
            char c = text[at];
            if (quote == '\0' && char.IsWhiteSpace(c)) break;
            if (c is not ('\\' or '\'' or '"')) continue;
            isPlain = false;
            if (c == '\\') at++;
            else if (quote == '\0') quote = c;
            else if (quote == c) quote = '\0';
        }

        return Math.Min(at, range.End);
    }

    private static string Unquote(ReadOnlySpan<char> text)
    {
        StringBuilder word = new(text.Length);
        char quote = '\0';
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (c == '\\')
            {
                if (++at < text.Length) word.Append(text[at]);
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

        return word.ToString();
    }

    private static Flag Plain(LineRange word)
    {
        int equals = word.Text.IndexOf('=');
        if (equals < 0) return new(word.Text[2..].ToString(), null, word.Span);
        return new(word.Text[2..equals].ToString(), word.From(word.Start + equals + 1).AsPart(), word.Span);
    }

    private static Flag Quoted(LineRange word, string text)
    {
        int equals = text.IndexOf('=');
        if (equals < 0) return new(text[2..], null, word.Span);
        int raw = word.Text.IndexOf('=');
        SourceSpan valueSpan = raw < 0 ? word.Span : word.Line.Span(word.Start + raw + 1, word.End);
        return new(text[2..equals], new Word(text[(equals + 1)..], valueSpan), word.Span);
    }
}
