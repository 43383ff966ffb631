using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>Collects the words of an expanded text, each with the place in the source it came from.</summary>
internal sealed class ShellWords
{
    private readonly StringBuilder _word = new();
    private readonly List<ShellWord> _words = [];
    private int _start;

    /// <summary>Adds a text in which blanks separate words.</summary>
    public void Add(ReadOnlySpan<char> text, int start)
    {
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c)) Close(start);
            else Append(c, start);
        }
    }

    /// <summary>Adds a part of the source; its blanks separate words.</summary>
    public void AddSource(ReadOnlySpan<char> text, int start)
    {
        for (int i = 0; i < text.Length;)
        {
            int end = i;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            AddRaw(text[i..end], start + i);
            if (end < text.Length) Close(start + end);
            i = end + 1;
        }
    }

    /// <summary>Adds a text as it is, blanks too.</summary>
    public void AddRaw(ReadOnlySpan<char> text, int start)
    {
        if (text.IsEmpty) return;
        if (_word.Length == 0) _start = start;
        _word.Append(text);
    }

    /// <summary>Ends the last word, which reaches to <paramref name="end"/>, and hands out all. Empty words do not count, quoted or not.</summary>
    public List<ShellWord> Finish(int end)
    {
        Close(end);
        return _words;
    }

    private void Append(char c, int at)
    {
        if (_word.Length == 0) _start = at;
        _word.Append(c);
    }

    private void Close(int end)
    {
        if (_word.Length == 0) return;
        _words.Add(new(_word.ToString(), _start, end));
        _word.Clear();
    }
}

/// <summary>A word of an expanded text.</summary>
/// <param name="Text">The expanded word.</param>
/// <param name="Start">Where it begins in the source text.</param>
/// <param name="End">Where it ends in the source text.</param>
internal readonly record struct ShellWord(string Text, int Start, int End);
