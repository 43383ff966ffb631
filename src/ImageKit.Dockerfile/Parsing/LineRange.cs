namespace ImageKit.Dockerfile;

/// <summary>A stretch of a logical line.</summary>
internal readonly record struct LineRange(LogicalLine Line, int Start, int End)
{
    public ReadOnlySpan<char> Text => Line.Text.AsSpan(Start, End - Start);

    public bool IsEmpty => End <= Start;

    public SourceSpan Span => Line.Span(Start, End);

    public LineRange From(int start) => new(Line, start, End);

    public LineRange To(int end) => new(Line, Start, end);

    public LineRange Trim()
    {
        int start = Start;
        int end = End;
        string text = Line.Text;
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return new(Line, start, end);
    }

    public Word AsWord() => Line.Word(Start, End);

    /// <summary>As <see cref="AsWord"/>, but no token of its own.</summary>
    public Word AsPart() => Line.Part(Start, End);
}
