namespace ImageKit.Dockerfile;

/// <summary>A stretch of the text that was parsed: where it starts and how long it is.</summary>
/// <param name="Start">Offset of the first character, in UTF-16 code units from the start of the text.</param>
/// <param name="Length">Number of UTF-16 code units; continuation lines and comments in between count.</param>
/// <param name="Line">Line of the first character; the first line is 1. 0 only in <c>default</c>, which is no place.</param>
/// <param name="Column">Column of the first character in UTF-16 code units; the first column is 1.</param>
public readonly record struct SourceSpan(int Start, int Length, int Line, int Column)
{
    /// <summary>Offset just behind the last character.</summary>
    public int End => Start + Length;

    /// <summary>Line and column, as compilers print them: <c>3:14</c>.</summary>
    public override string ToString() => $"{Line}:{Column}";
}
