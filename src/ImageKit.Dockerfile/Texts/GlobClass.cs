using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>A class of characters of Go's <c>filepath.Match</c>: <c>[a-z]</c>, <c>[^a]</c>.</summary>
internal sealed record GlobClass(bool Negated, (int First, int Last)[] Ranges)
{
    public bool Matches(Rune rune)
    {
        foreach ((int first, int last) in Ranges)
        {
            if (rune.Value >= first && rune.Value <= last) return !Negated;
        }

        return Negated;
    }

    /// <summary>Reads a class whose bracket is at <paramref name="at"/>, and moves behind it.</summary>
    /// <returns>The class; null if it is malformed.</returns>
    public static GlobClass? Read(ReadOnlySpan<char> text, ref int at)
    {
        at++;
        bool negated = at < text.Length && text[at] == '^';
        if (negated) at++;
        List<(int, int)> ranges = [];
        while (at < text.Length && (text[at] != ']' || ranges.Count == 0))
        {
            if (Character(text, ref at) is not { } first) return null;
            int last = first;
            if (at < text.Length && text[at] == '-')
            {
                at++;
                if (Character(text, ref at) is not { } end) return null;
                last = end;
            }

            ranges.Add((first, last));
        }

        if (at >= text.Length) return null;
        at++;
        return new(negated, [.. ranges]);
    }

    private static int? Character(ReadOnlySpan<char> text, ref int at)
    {
        if (at >= text.Length || text[at] is '-' or ']') return null;
        if (text[at] == '\\' && ++at >= text.Length) return null;
        Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
        at += length;
        return rune.Value;
    }
}
