namespace ImageKit.Dockerfile;

/// <summary>Expands variables, quotes and escapes, as BuildKit does in all places but RUN, CMD, ENTRYPOINT and SHELL.</summary>
/// <remarks>Pure functions. A fault in the text comes back as <see cref="ExpansionResult.Error"/>; nothing is thrown for it.</remarks>
public static class Expansion
{
    /// <summary>Expands a text to one word; blanks in it stay.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult Expand(string text, Func<string, string?> lookup, char escape = '\\') =>
        throw new NotImplementedException();

    /// <summary>Expands a text and then splits it at blanks that are not quoted (EXPOSE).</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult Words(string text, Func<string, string?> lookup, char escape = '\\') =>
        throw new NotImplementedException();

    /// <summary>Expands the lines of a heredoc of COPY or ADD: quotes stay, <c>\$</c> and <c>\\</c> are escapes whatever the file's escape character.</summary>
    /// <param name="body">The content of the heredoc.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    public static ExpansionResult ExpandHeredoc(string body, Func<string, string?> lookup) =>
        throw new NotImplementedException();

    /// <summary>Expands a text for display: variables that are not set stay as written.</summary>
    /// <param name="text">The text as written.</param>
    /// <param name="lookup">Value of a variable; null if it is not set.</param>
    /// <param name="escape">The escape character of the file.</param>
    public static ExpansionResult ExpandKnown(string text, Func<string, string?> lookup, char escape = '\\') =>
        throw new NotImplementedException();
}
