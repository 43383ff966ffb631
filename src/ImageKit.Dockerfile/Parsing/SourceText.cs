namespace ImageKit.Dockerfile;

/// <summary>A text cut into physical lines; turns offsets into places.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];
    private int _lastLine; // places are mostly asked for in order

    public SourceText(string text)
    {
        Text = text;
        for (int i = text.IndexOf('\n'); i >= 0; i = text.IndexOf('\n', i + 1))
        {
            if (i + 1 < text.Length) _lineStarts.Add(i + 1);
        }
    }

    public string Text { get; }

    /// <summary>Number of lines; a line end at the end of the text begins no further one, and an empty text has one empty line.</summary>
    public int LineCount => _lineStarts.Count;

    /// <summary>A line by its index from 0.</summary>
    public SourceLine Line(int index)
    {
        int start = _lineStarts[index];
        int end = index + 1 < _lineStarts.Count ? _lineStarts[index + 1] : Text.Length;
        int contentEnd = end;
        while (contentEnd > start && Text[contentEnd - 1] is '\r' or '\n') contentEnd--;
        return new(start, contentEnd, end);
    }

    public SourceSpan Span(int start, int end)
    {
        if (!IsOn(_lastLine, start) && !IsOn(++_lastLine, start))
        {
            int line = _lineStarts.BinarySearch(start);
            _lastLine = line < 0 ? ~line - 1 : line;
        }

        return new(start, end - start, _lastLine + 1, start - _lineStarts[_lastLine] + 1);
    }

    private bool IsOn(int line, int offset) =>
        line < _lineStarts.Count && _lineStarts[line] <= offset && (line + 1 == _lineStarts.Count || offset < _lineStarts[line + 1]);
}

/// <summary>A physical line: where it begins, where its line end begins, and where the next line begins.</summary>
internal readonly record struct SourceLine(int Start, int ContentEnd, int End);
