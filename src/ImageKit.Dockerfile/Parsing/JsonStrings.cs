using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>What became of the attempt to read arguments as a JSON array.</summary>
internal enum JsonForm
{
    /// <summary>It is no JSON array: the shell form is meant.</summary>
    None,

    /// <summary>It is an array of strings.</summary>
    Strings,

    /// <summary>It is an array that holds something else.</summary>
    OtherValues,
}

/// <summary>Reads <c>["a", "b"]</c> with the place of each string.</summary>
internal sealed class JsonStrings
{
    // Deeper arrays are nobody's command; the limit keeps the stack small.
    private const int MaxDepth = 100;

    // What ends a string, must be escaped in it, or (a half of a surrogate pair) may need to be replaced.
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\', .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c)]);

    private readonly LogicalLine _line;
    private readonly string _text;
    private readonly int _end;
    private readonly List<(string? Value, int Start, int End)> _strings = [];
    private int _at;
    private bool _onlyStrings = true;

    private JsonStrings(LineRange range)
    {
        _line = range.Line;
        _text = range.Line.Text;
        _at = range.Start;
        _end = range.End;
    }

    /// <summary>Tries to read the whole range as an array, and notes its strings as tokens.</summary>
    public static JsonForm Read(LineRange range)
    {
        range = range.Trim();
        if (range.IsEmpty || range.Text[0] != '[') return JsonForm.None;
        JsonStrings reader = new(range);
        if (!reader.Array(1)) return JsonForm.None;
        reader.Blanks();
        if (reader._at != reader._end) return JsonForm.None;
        if (!reader._onlyStrings) return JsonForm.OtherValues;
        foreach ((_, int start, int end) in reader._strings) range.Line.Mark(start, end, TokenKind.Word);
        return JsonForm.Strings;
    }

    /// <summary>The strings of an array of strings.</summary>
    public static ImmutableArray<Word> Words(LineRange range)
    {
        JsonStrings reader = new(range.Trim());
        _ = reader.Array(1);
        return ImmutableCollectionsMarshal.AsImmutableArray(reader._strings.ConvertAll(reader.ToWord).ToArray());
    }

    private bool Array(int depth) => List(']', depth);

    private bool Object(int depth) => List('}', depth);

    private bool List(char close, int depth)
    {
        if (depth > MaxDepth) return false;
        _at++;
        Blanks();
        if (Take(close)) return true;
        while (true)
        {
            Blanks();
            if (close == '}' && !Name()) return false;
            if (!Value(depth)) return false;
            Blanks();
            if (Take(close)) return true;
            if (!Take(',')) return false;
        }
    }

    // The name of a member of an object, and its colon.
    private bool Name()
    {
        if (!Peek('"') || !Text(out _)) return false;
        Blanks();
        return Take(':');
    }

    private bool Value(int depth)
    {
        Blanks();
        if (_at == _end) return false;
        int start = _at;
        if (_text[_at] == '"')
        {
            if (!Text(out string? value)) return false;
            if (depth == 1) _strings.Add((value, start, _at));
            return true;
        }

        _onlyStrings = false;
        return _text[_at] switch
        {
            '[' => Array(depth + 1),
            '{' => Object(depth + 1),
            't' => Literal("true"),
            'f' => Literal("false"),
            'n' => Literal("null"),
            _ => Number(),
        };
    }

    // A string that is written as it is keeps no text of its own; then the value is null.
    private bool Text(out string? value)
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_at + 1, _end - _at - 1);
        int special = rest.IndexOfAny(Special);
        value = null;
        if (special < 0) return false;
        if (rest[special] == '"')
        {
            _at += special + 2;
            return true;
        }

        value = EscapedText();
        return value is not null;
    }

    private string? EscapedText()
    {
        StringBuilder value = new();
        for (_at++; _at < _end;)
        {
            char c = _text[_at++];
            if (c == '"') return ReplaceLoneSurrogates(value);
            if (c < ' ') return null;
            if (c == '\\')
            {
                if (_at == _end || Escaped(_text[_at++]) is not { } escaped) return null;
                c = escaped;
            }

            value.Append(c);
        }

        return null;
    }

    private Word ToWord((string? Value, int Start, int End) text)
    {
        SourceSpan span = _line.Span(text.Start, text.End);
        return text.Value is null ? new(_text, text.Start + 1, text.End - text.Start - 2, span) : new(text.Value, span);
    }

    private char? Escaped(char c)
    {
        if (c != 'u') return c switch { '"' or '\\' or '/' => c, 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => null };
        if (_end - _at < 4 || !ushort.TryParse(_text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code)) return null;
        _at += 4;
        return (char)code;
    }

    private static string ReplaceLoneSurrogates(StringBuilder value)
    {
        string text = value.ToString();
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        value.Clear();
        foreach (Rune rune in text.EnumerateRunes()) value.Append(rune.ToString());
        return value.ToString();
    }

    private bool Number()
    {
        _ = Take('-');
        if (!Take('0') && !Digits()) return false;
        if (Take('.') && !Digits()) return false;
        if (!Take('e') && !Take('E')) return true;
        _ = Take('+') || Take('-');
        return Digits();
    }

    private bool Digits()
    {
        int start = _at;
        while (_at < _end && char.IsAsciiDigit(_text[_at])) _at++;
        return _at > start;
    }

    private bool Literal(string literal)
    {
        if (_end - _at < literal.Length || !_text.AsSpan(_at).StartsWith(literal, StringComparison.Ordinal)) return false;
        _at += literal.Length;
        return true;
    }

    private bool Peek(char c) => _at < _end && _text[_at] == c;

    private bool Take(char c)
    {
        if (!Peek(c)) return false;
        _at++;
        return true;
    }

    private void Blanks()
    {
        while (_at < _end && _text[_at] is ' ' or '\t' or '\n' or '\r') _at++;
    }
}
