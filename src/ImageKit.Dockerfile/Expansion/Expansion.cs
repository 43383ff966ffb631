namespace ImageKit.Dockerfile;

/// <summary>Expands variables, quotes and escapes, as BuildKit does in all places but RUN, CMD, ENTRYPOINT and SHELL.</summary>
/// <remarks>
/// Pure functions. A fault in the text comes back as <see cref="ExpansionResult.Error"/>; nothing is thrown for it. Limits: 1200
/// substitutions in each other, 16 Mi UTF-16 code units of result.
/// </remarks>
public static class Expansion
{
    /// <summary>Expands a text to one word; blanks in it stay.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult Expand(string text, Func<string, string?> lookup, char escape = '\\') =>
        Run(text, lookup, escape, ShellLexerOptions.None);

    /// <summary>As the other, with the variables in a dictionary.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="variables">The variables that are set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult Expand(string text, IReadOnlyDictionary<string, string> variables, char escape = '\\')
    {
        ArgumentNullException.ThrowIfNull(variables);
        return Expand(text, variables.GetValueOrDefault, escape);
    }

    /// <summary>Expands a text and then splits it at blanks that are not quoted (EXPOSE); see <see cref="ExpansionResult.Words"/>.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult Words(string text, Func<string, string?> lookup, char escape = '\\') =>
        Run(text, lookup, escape, ShellLexerOptions.None);

    /// <summary>As the other, with the variables in a dictionary.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="variables">The variables that are set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult Words(string text, IReadOnlyDictionary<string, string> variables, char escape = '\\')
    {
        ArgumentNullException.ThrowIfNull(variables);
        return Words(text, variables.GetValueOrDefault, escape);
    }

    /// <summary>Expands the lines of a heredoc of COPY or ADD: quotes stay; <c>\$</c> and <c>\\</c> are escapes whatever the file's escape character.</summary>
    /// <param name="body">The content of the heredoc.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    public static ExpansionResult ExpandHeredoc(string body, Func<string, string?> lookup) =>
        Run(body, lookup, '\\', ShellLexerOptions.IgnoreQuotes);

    /// <summary>Expands a text for display: variables that are not set stay as written.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult ExpandKnown(string text, Func<string, string?> lookup, char escape = '\\') =>
        Run(text, lookup, escape, ShellLexerOptions.KeepUnset);

    /// <summary>Whether a text holds nothing that an expansion could change.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> text, char escape) => text.IndexOfAny("$\"'") < 0 && !text.Contains(escape);

    private static ExpansionResult Run(string text, Func<string, string?> lookup, char escape, ShellLexerOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(lookup);
        ShellWords words = new();
        if (IsPlain(text, escape))
        {
            words.AddSource(text, 0);
            return new() { Text = text, Words = [.. words.Finish(text.Length).Select(word => word.Text)], Used = [], Undefined = [], Unguarded = [] };
        }

        ShellLexer lexer = new(text, lookup, escape, options);
        string? result = lexer.Run(words);
        return new()
        {
            Text = result ?? "",
            Words = result is null ? [] : [.. words.Finish(text.Length).Select(word => word.Text)],
            Error = lexer.Error,
            Used = [.. lexer.Used],
            Undefined = [.. lexer.Undefined],
            Unguarded = [.. lexer.Unguarded],
        };
    }
}
