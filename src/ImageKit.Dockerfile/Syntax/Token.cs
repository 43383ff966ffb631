namespace ImageKit.Dockerfile;

/// <summary>A piece of the file. All tokens in order, written one behind the other, are the text that was parsed.</summary>
/// <remarks><c>default</c> is an empty piece that stands nowhere.</remarks>
public readonly record struct Token
{
    private readonly string? _source; // the whole file: a text of its own for each token would take more memory than all else

    internal Token(TokenKind kind, string source, SourceSpan span)
    {
        Kind = kind;
        _source = source;
        Span = span;
    }

    /// <summary>What the piece is.</summary>
    public TokenKind Kind { get; }

    /// <summary>Where it stands.</summary>
    public SourceSpan Span { get; }

    /// <summary>The piece as written.</summary>
    public string Text => AsSpan().ToString();

    /// <summary>The piece as written, without a copy.</summary>
    public ReadOnlySpan<char> AsSpan() => _source.AsSpan(Span.Start, Span.Length);

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
