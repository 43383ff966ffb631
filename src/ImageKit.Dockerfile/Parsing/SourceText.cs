namespace ImageKit.Dockerfile;

/// <summary>A text cut into physical lines; turns offsets into places.</summary>
internal sealed class SourceText
{
    private readonly int[] _lineStarts;
    private string _lastName = "";
    private int _lastLine; // places are mostly asked for in order

    public SourceText(string text)
    {
        Text = text;
        // A line end at the end of the text begins no further line.
        ReadOnlySpan<char> inner = text.AsSpan(0, Math.Max(0, text.Length - 1));
        _lineStarts = new int[inner.Count('\n') + 1];
        int at = 0;
        for (int line = 1; line < _lineStarts.Length; line++) _lineStarts[line] = at += inner[at..].IndexOf('\n') + 1;
    }

    public string Text { get; }

    /// <summary>Number of lines; a line end at the end of the text begins no further one, and an empty text has one empty line.</summary>
    public int LineCount => _lineStarts.Length;

    /// <summary>A line by its index from 0.</summary>
    public SourceLine Line(int index)
    {
        int start = _lineStarts[index];
        int end = index + 1 < _lineStarts.Length ? _lineStarts[index + 1] : Text.Length;
        int contentEnd = end;
        while (contentEnd > start && Text[contentEnd - 1] is '\r' or '\n') contentEnd--;
        return new(start, contentEnd, end);
    }

    /// <summary>The escape character of the file, once its directives were read.</summary>
    public char Escape { get; set; } = '\\';

    /// <summary>A name in upper case; the same string for the same name again and again.</summary>
    public string UpperCase(ReadOnlySpan<char> name)
    {
        if (!name.Equals(_lastName, StringComparison.OrdinalIgnoreCase)) _lastName = name.ToString().ToUpperInvariant();
        return _lastName;
    }

    public SourceSpan Span(int start, int end)
    {
        int line = _lastLine;
        if (!IsOn(line, start) && !IsOn(++line, start))
        {
            line = Array.BinarySearch(_lineStarts, start);
            if (line < 0) line = ~line - 1;
        }

        _lastLine = line;
        return new(start, end - start, line + 1, start - _lineStarts[line] + 1);
    }

    private bool IsOn(int line, int offset)
    {
        int[] starts = _lineStarts;
        return (uint)line < (uint)starts.Length && starts[line] <= offset && (line + 1 == starts.Length || offset < starts[line + 1]);
    }
}

/// <summary>A physical line: where it begins, where its line end begins, and where the next line begins.</summary>
internal readonly record struct SourceLine(int Start, int ContentEnd, int End);
