using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>One pattern: what it matches, and whether it brings back instead of ignoring.</summary>
internal sealed record IgnorePattern(bool IsException, ImmutableArray<IgnoreElement> Elements)
{
    /// <summary>Reads a line that is neither blank nor a comment.</summary>
    public static IgnorePattern? TryParse(string line, out string? error)
    {
        error = null;
        string text = line.Trim();
        bool isException = text[0] == '!';
        if (isException) text = text[1..].Trim();
        if (text.Length == 0)
        {
            error = "illegal exclusion pattern: \"!\"";
            return null;
        }

        text = Clean(text);
        if (text.Length > 1 && text[0] == '/') text = text[1..];
        // A class that goes backwards ('[z-a]') is legal for COPY, but BuildKit compiles ignore patterns to regular expressions, where it is not.
        if (!NamePattern.TryParse(text, out NamePattern? checkedPattern) || checkedPattern.HasReversedRange)
        {
            error = "syntax error in pattern";
            return null;
        }

        return new(isException, [.. Compile(text)]);
    }

    // As Go's filepath.Clean: no doubled slashes, no '.', and '..' takes a name away.
    private static string Clean(string path)
    {
        bool rooted = path[0] == '/';
        List<string> names = [];
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".") continue;
            if (name != "..") names.Add(name);
            else if (names.Count > 0 && names[^1] != "..") names.RemoveAt(names.Count - 1);
            else if (!rooted) names.Add(name);
        }

        string clean = string.Join('/', names);
        return rooted ? "/" + clean : clean.Length == 0 ? "." : clean;
    }

    private static List<IgnoreElement> Compile(string text)
    {
        List<IgnoreElement> elements = [];
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            if (c == '*' && at + 1 < text.Length && text[at + 1] == '*')
            {
                bool first = at == 0;
                at += 2;
                bool slash = at < text.Length && text[at] == '/';
                if (slash) at++;
                // At the end it takes everything; '**x' at the start takes any beginning, elsewhere '**' takes whole directories.
                if (at == text.Length || (first && !slash && IsPlain(text, at))) elements.Add(new(IgnoreElementKind.Anything));
                else elements.Add(new(IgnoreElementKind.Directories));
            }
            else if (c is '*' or '?')
            {
                at++;
                elements.Add(new(c == '*' ? IgnoreElementKind.Star : IgnoreElementKind.Any));
            }
            else if (c == '[')
            {
                elements.Add(new(IgnoreElementKind.Class) { Members = GlobClass.Read(text, ref at) });
            }
            else
            {
                if (c == '\\') at++;
                Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out int length);
                at += length;
                elements.Add(new(IgnoreElementKind.Literal) { Rune = rune });
            }
        }

        return elements;
    }

    // Whether nothing but literal characters follows: then BuildKit compares endings and does not ask for a slash.
    private static bool IsPlain(string text, int at) => text.AsSpan(at).IndexOfAny("*?[]\\") < 0;
}

internal enum IgnoreElementKind
{
    /// <summary>One certain character.</summary>
    Literal,

    /// <summary>One character but a slash.</summary>
    Any,

    /// <summary>Any number of characters but slashes.</summary>
    Star,

    /// <summary>One character of a class, even a slash.</summary>
    Class,

    /// <summary>Nothing, or anything that ends with a slash.</summary>
    Directories,

    /// <summary>Anything.</summary>
    Anything,
}

internal readonly record struct IgnoreElement(IgnoreElementKind Kind)
{
    public Rune Rune { get; init; }

    public GlobClass? Members { get; init; }

    /// <summary>Whether the element may match nothing.</summary>
    public bool IsOptional => Kind is IgnoreElementKind.Star or IgnoreElementKind.Directories or IgnoreElementKind.Anything;
}
