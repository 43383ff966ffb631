namespace ImageKit.Dockerfile;

/// <summary>An argument of an instruction, not yet expanded: quotes, escapes and variables stand in it as written.</summary>
/// <remarks>
/// <c>default</c> has a null text and stands for no argument. A word that stands in the file as it is holds no text of its own: <see cref="Text"/>
/// then makes one each time, <see cref="AsSpan"/> does not.
/// </remarks>
public readonly record struct Word
{
    private readonly string? _whole; // the file, a line whose continuations were joined, or a text of its own
    private readonly int _start;
    private readonly int _length;

    /// <summary>Makes a word with a text of its own.</summary>
    /// <param name="text">The argument with line continuations and the comments between them taken out.</param>
    /// <param name="span">Where it stands, continuations and comments included.</param>
    public Word(string text, SourceSpan span)
    {
        ArgumentNullException.ThrowIfNull(text);
        _whole = text;
        _length = text.Length;
        Span = span;
    }

    internal Word(string whole, int start, int length, SourceSpan span)
    {
        _whole = whole;
        _start = start;
        _length = length;
        Span = span;
    }

    /// <summary>The argument with line continuations and the comments between them taken out.</summary>
    public string Text => _whole is null || (_start == 0 && _length == _whole.Length) ? _whole! : _whole.Substring(_start, _length);

    /// <summary>Where it stands, continuations and comments included.</summary>
    public SourceSpan Span { get; }

    /// <summary>The text without a copy; empty for <c>default</c>.</summary>
    public ReadOnlySpan<char> AsSpan() => _whole.AsSpan(_start, _length);

    /// <summary>Whether text and place are the same.</summary>
    /// <param name="other">The other word.</param>
    public bool Equals(Word other) => Span == other.Span && _whole is null == other._whole is null && AsSpan().SequenceEqual(other.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Span, string.GetHashCode(AsSpan(), StringComparison.Ordinal));

    /// <summary>The text, not expanded.</summary>
    public override string ToString() => Text;

    /// <summary>The word without blanks at its ends; its span stays.</summary>
    internal Word Trim()
    {
        ReadOnlySpan<char> text = AsSpan();
        int start = text.Length - text.TrimStart().Length;
        return new(_whole!, _start + start, text.Trim().Length, Span);
    }
}
