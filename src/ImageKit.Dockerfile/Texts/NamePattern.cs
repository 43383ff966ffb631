using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>A pattern of one file name: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a]</c> and escapes by <c>\</c>.</summary>
public sealed class NamePattern
{
    private readonly ImmutableArray<Element> _elements;

    private NamePattern(ImmutableArray<Element> elements) => _elements = elements;

    private enum ElementKind
    {
        Literal,
        Any,
        Star,
        Class,
    }

    /// <summary>The one name that matches, escapes taken out; null if there are wildcards.</summary>
    public string? Literal => _elements.All(element => element.Kind == ElementKind.Literal)
        ? string.Concat(_elements.Select(element => element.Rune.ToString()))
        : null;

    /// <summary>Whether a class goes backwards (<c>[z-a]</c>) and so matches nothing.</summary>
    internal bool HasReversedRange => _elements.Any(element => element.Members?.Ranges.Any(range => range.First > range.Last) == true);

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="pattern">The pattern; null if it is malformed.</param>
    /// <returns>Whether it is well formed.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out NamePattern? pattern)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = null;
        ImmutableArray<Element>.Builder elements = ImmutableArray.CreateBuilder<Element>();
        for (int at = 0; at < text.Length;)
        {
            if (Read(text, ref at) is not { } element) return false;
            elements.Add(element);
        }

        pattern = new(elements.ToImmutable());
        return true;
    }

    /// <summary>Whether a name matches. Takes time of the product of both lengths at most.</summary>
    /// <param name="name">The name, without <c>/</c>.</param>
    public bool IsMatch(ReadOnlySpan<char> name)
    {
        int element = 0;
        int at = 0;
        int starElement = -1;
        int starAt = 0;
        while (at < name.Length)
        {
            Rune.DecodeFromUtf16(name[at..], out Rune rune, out int length);
            if (element < _elements.Length && _elements[element].Kind == ElementKind.Star)
            {
                starElement = element++;
                starAt = at;
            }
            else if (element < _elements.Length && _elements[element].Matches(rune))
            {
                element++;
                at += length;
            }
            else if (starElement >= 0)
            {
                // Let the last star take one more character; earlier stars need not change.
                element = starElement + 1;
                Rune.DecodeFromUtf16(name[starAt..], out _, out int taken);
                starAt += taken;
                at = starAt;
            }
            else
            {
                return false;
            }
        }

        while (element < _elements.Length && _elements[element].Kind == ElementKind.Star) element++;
        return element == _elements.Length;
    }

    private static Element? Read(string text, ref int at)
    {
        switch (text[at])
        {
            case '*':
                at++;
                return new(ElementKind.Star, default, null);
            case '?':
                at++;
                return new(ElementKind.Any, default, null);
            case '[':
                return GlobClass.Read(text, ref at) is { } members ? new(ElementKind.Class, default, members) : null;
            case '\\' when at + 1 == text.Length:
                return null;
            case '\\':
                at++;
                break;
        }

        Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out int length);
        at += length;
        return new(ElementKind.Literal, rune, null);
    }

    private readonly record struct Element(ElementKind Kind, Rune Rune, GlobClass? Members)
    {
        public bool Matches(Rune rune) => Kind switch
        {
            ElementKind.Literal => rune == Rune,
            ElementKind.Class => Members!.Matches(rune),
            _ => true,
        };
    }
}
