namespace ImageKit.Dockerfile;

/// <summary>A piece of the file. All tokens in order, written one behind the other, are the text that was parsed.</summary>
/// <param name="Kind">What the piece is.</param>
/// <param name="Text">The piece as written.</param>
/// <param name="Span">Where it stands.</param>
public readonly record struct Token(TokenKind Kind, string Text, SourceSpan Span)
{
    /// <summary>The piece as written.</summary>
    public override string ToString() => Text;
}

/// <summary>What a <see cref="Token"/> is.</summary>
public enum TokenKind
{
    /// <summary>The byte order mark before the first line.</summary>
    ByteOrderMark,

    /// <summary>Spaces and tabs that separate other tokens, or stand alone in a line.</summary>
    Blank,

    /// <summary>The end of a line: <c>\n</c> or <c>\r\n</c>.</summary>
    NewLine,

    /// <summary>A comment line without its indentation and line end, also between continued lines.</summary>
    Comment,

    /// <summary>A parser directive (<c># escape=`</c>) without its line end.</summary>
    Directive,

    /// <summary>The name of an instruction.</summary>
    Keyword,

    /// <summary>A flag, name and value: <c>--from=build</c>. A continued flag is several tokens.</summary>
    Flag,

    /// <summary>An argument or a part of one, as the instruction splits it; of a shell command, one line.</summary>
    Word,

    /// <summary>Characters between words, as the brackets and commas of a JSON array, or of an instruction that cannot be understood.</summary>
    Other,

    /// <summary>The escape character at the end of a continued line and the blanks behind it.</summary>
    Continuation,

    /// <summary>The lines of a heredoc, line ends included.</summary>
    HeredocBody,

    /// <summary>The line that ends a heredoc, without its line end.</summary>
    HeredocEnd,
}
