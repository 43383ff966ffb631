namespace ImageKit.Dockerfile;

/// <summary>How <see cref="ShellLexer"/> treats quotes, escapes and unset variables.</summary>
[Flags]
internal enum ShellLexerOptions
{
    None = 0,

    /// <summary>Quotes stay in the result.</summary>
    KeepQuotes = 1,

    /// <summary>Escape characters stay in the result.</summary>
    KeepEscapes = 2,

    /// <summary>Quotes are ordinary characters.</summary>
    IgnoreQuotes = 4,

    /// <summary>Variables that are not set stay as written.</summary>
    KeepUnset = 8,
}
