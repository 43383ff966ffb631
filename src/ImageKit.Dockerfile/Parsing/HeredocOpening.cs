namespace ImageKit.Dockerfile;

/// <summary>A word that announces a heredoc: digits, <c>&lt;&lt;</c>, perhaps <c>-</c>, a delimiter.</summary>
internal sealed record HeredocOpening(Word Word, string Name, bool Expand, bool StripTabs, int FileDescriptor)
{
    /// <summary>All of a line, found among its shell words: a quoted one is none.</summary>
    public static IEnumerable<HeredocOpening> FindAll(LineRange line)
    {
        string text = line.Text.ToString();
        ShellLexer lexer = new(text, static _ => null, '\\', ShellLexerOptions.KeepQuotes | ShellLexerOptions.KeepEscapes | ShellLexerOptions.KeepUnset);
        ShellWords words = new();
        if (lexer.Run(words) is null) yield break;
        foreach (ShellWord word in words.Finish(text.Length))
        {
            if (Parse(new(word.Text, line.Line.Span(line.Start + word.Start, line.Start + word.End))) is { } opening) yield return opening;
        }
    }

    /// <summary>Reads one word; null if it announces no heredoc.</summary>
    public static HeredocOpening? Parse(Word word)
    {
        ReadOnlySpan<char> rest = word.AsSpan();
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        if (digits < 0 || !rest[digits..].StartsWith("<<", StringComparison.Ordinal)) return null;
        _ = int.TryParse(rest[..digits], out int descriptor);
        rest = rest[(digits + 2)..];
        bool stripTabs = rest is ['-', ..];
        if (stripTabs) rest = rest[1..];
        rest = rest.TrimStart(" \t\r\n\f");
        if (rest.IsEmpty || rest.Contains('<')) return null;
        string delimiter = rest.ToString();
        if (IsSimple(rest)) return new(word, delimiter, true, stripTabs, descriptor);
        if (OneWord(delimiter, ShellLexerOptions.KeepUnset) is not { } name) return null;
        if (OneWord(delimiter, ShellLexerOptions.KeepUnset | ShellLexerOptions.KeepQuotes) is not { } quoted) return null;
        // Quotes that the first reading took away show that some part of the delimiter was quoted.
        return new(word, name, CountQuotes(name) == CountQuotes(quoted), stripTabs, descriptor);
    }

    public Heredoc ToHeredoc(string source, SourceSpan span) => new()
    {
        Name = Name,
        Opening = Word,
        Source = source,
        BodySpan = span,
        Expand = Expand,
        StripTabs = StripTabs,
        FileDescriptor = FileDescriptor,
    };

    // Most delimiters are letters, which no reading changes.
    private static bool IsSimple(ReadOnlySpan<char> delimiter)
    {
        foreach (char c in delimiter)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.' or '/')) return false;
        }

        return true;
    }

    private static string? OneWord(string delimiter, ShellLexerOptions options)
    {
        ShellLexer lexer = new(delimiter, static _ => null, '\\', options);
        ShellWords words = new();
        if (lexer.Run(words) is null) return null;
        List<ShellWord> found = words.Finish(delimiter.Length);
        return found.Count == 1 ? found[0].Text : null;
    }

    private static int CountQuotes(string text) => text.Count(c => c is '\'' or '"');
}
