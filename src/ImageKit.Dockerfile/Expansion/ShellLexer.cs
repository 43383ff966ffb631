using System.Text;

namespace ImageKit.Dockerfile;

/// <summary>One run over one text: expands variables, takes quotes and escapes away, splits words. Faults are in <see cref="Error"/>.</summary>
internal sealed class ShellLexer(string text, Func<string, string?> lookup, char escape, ShellLexerOptions options)
{
    // More substitutions in each other than anybody writes; each costs stack.
    private const int MaxDepth = 1200;

    // ENV a=$a$a doubles with every line; this ends it before memory does. UTF-16 code units.
    private const int MaxLength = 16 << 20;

    private const string MissingBrace = "syntax error: missing '}'";

    private OrderedDictionary<string, bool>? _used;
    private OrderedDictionary<string, bool>? _undefined;
    private OrderedDictionary<string, bool>? _unguarded;
    private int _at;
    private int _depth;

    public string? Error { get; private set; }

    public IEnumerable<string> Used => Names(_used);

    public IEnumerable<string> Undefined => Names(_undefined);

    public IEnumerable<string> Unguarded => Names(_unguarded);

    private bool AtEnd => _at >= text.Length;

    private char Current => text[_at];

    /// <summary>Reads to the end of the text.</summary>
    /// <returns>The result; null if there is an error.</returns>
    public string? Run(ShellWords? words) => ReadTo(null, options.HasFlag(ShellLexerOptions.KeepEscapes), words);

    private string? ReadTo(char? stop, bool keepEscapes, ShellWords? words)
    {
        bool quotes = !options.HasFlag(ShellLexerOptions.IgnoreQuotes);
        ReadOnlySpan<char> special = quotes ? [stop ?? '$', escape, '$', '<', '\'', '"'] : [stop ?? '$', escape, '$', '<'];
        StringBuilder result = new();
        while (!AtEnd)
        {
            char c = Current;
            if (c == stop)
            {
                _at++;
                return result.ToString();
            }

            if (c == '$' || (quotes && c is '\'' or '"'))
            {
                int start = _at;
                string? part = c == '$' ? Variable() : c == '"' ? DoubleQuoted(keepEscapes) : SingleQuoted();
                if (part is null) return null;
                result.Append(part);
                if (c == '$') words?.Add(part, start);
                else words?.AddRaw(part, start);
            }
            else if (c == escape)
            {
                Escaped(keepEscapes, result, words);
            }
            else
            {
                Plain(special, result, words);
            }

            if (result.Length > MaxLength) return Fail("the expanded text is too long");
        }

        return stop is { } missing ? Fail($"unexpected end of statement while looking for matching {missing}") : result.ToString();
    }

    private void Plain(ReadOnlySpan<char> special, StringBuilder result, ShellWords? words)
    {
        bool isMark = Current == '<';
        int length = isMark ? ShellWords.MarkLength(text, _at) : text.AsSpan(_at).IndexOfAny(special);
        ReadOnlySpan<char> plain = text.AsSpan(_at, length < 0 ? text.Length - _at : length);
        result.Append(plain);
        if (isMark) words?.AddRaw(plain, _at);
        else words?.AddSource(plain, _at);
        _at += plain.Length;
    }

    private void Escaped(bool keepEscapes, StringBuilder result, ShellWords? words)
    {
        int start = _at++;
        ReadOnlySpan<char> escaped = text.AsSpan(start, Math.Min(2, text.Length - start));
        // An escape at the end escapes nothing and goes away.
        if (!keepEscapes) escaped = escaped[1..];
        result.Append(escaped);
        words?.AddRaw(escaped, start);
        if (!AtEnd) _at++;
    }

    private string? SingleQuoted()
    {
        int end = text.IndexOf('\'', _at + 1);
        if (end < 0)
        {
            _at = text.Length;
            return Fail("unexpected end of statement while looking for matching single-quote");
        }

        string quoted = options.HasFlag(ShellLexerOptions.KeepQuotes) ? text[_at..(end + 1)] : text[(_at + 1)..end];
        _at = end + 1;
        return quoted;
    }

    private string? DoubleQuoted(bool keepEscapes)
    {
        bool keepQuotes = options.HasFlag(ShellLexerOptions.KeepQuotes);
        StringBuilder result = new(keepQuotes ? "\"" : "");
        _at++;
        while (!AtEnd)
        {
            char c = Current;
            if (c == '$')
            {
                if (Variable() is not { } value) return null;
                result.Append(value);
                continue;
            }

            _at++;
            if (c == '"') return keepQuotes ? result.Append('"').ToString() : result.ToString();
            if (c == escape)
            {
                if (keepEscapes) result.Append(c);
                if (AtEnd) break;
                // Inside double quotes the escape character escapes these three, and stays in front of all others.
                if (Current is '"' or '$' || Current == escape) c = text[_at++];
            }

            result.Append(c);
            if (result.Length > MaxLength) return Fail("the expanded text is too long");
        }

        return Fail("unexpected end of statement while looking for matching double-quote");
    }

    private string? Variable()
    {
        _at++;
        if (AtEnd || Current != '{')
        {
            string simple = VariableName();
            return simple.Length == 0 ? "$" : Value(simple) ?? (options.HasFlag(ShellLexerOptions.KeepUnset) ? "$" + simple : "");
        }

        _at++;
        if (AtEnd) return Fail(MissingBrace);
        if (Current is '{' or '}' or ':') return Fail("syntax error: bad substitution");
        if (++_depth > MaxDepth) return Fail("substitutions are nested too deeply");
        string? result = Substitution(VariableName());
        _depth--;
        return result;
    }

    private string? Substitution(string name)
    {
        if (AtEnd) return Fail(MissingBrace);
        char c = text[_at++];
        switch (c)
        {
            case '}':
                return Value(name) ?? (options.HasFlag(ShellLexerOptions.KeepUnset) ? $"${{{name}}}" : "");
            case '/':
                return Replacement(name);
            case ':':
                if (AtEnd) return Fail(MissingBrace);
                char second = text[_at++];
                return second is '#' or '%' ? Unsupported(":" + second) : Modified(name, second, colon: true);
            case '+' or '-' or '?' or '#' or '%':
                return Modified(name, c, colon: false);
            default:
                bool pair = char.IsHighSurrogate(c) && !AtEnd;
                return Unsupported(pair ? $"{c}{Current}" : c.ToString());
        }
    }

    private string? Modified(string name, char modifier, bool colon)
    {
        bool isPattern = modifier is '#' or '%';
        string? word = ReadTo('}', keepEscapes: isPattern, null);
        if (word is null) return AtEnd ? Fail(MissingBrace) : null;
        string? value = Value(name, isGuarded: !isPattern);
        if (value is null && options.HasFlag(ShellLexerOptions.KeepUnset)) return $"${{{name}{(colon ? ":" : "")}{modifier}{word}}}";
        bool missing = value is null || (colon && value.Length == 0);
        switch (modifier)
        {
            case '-':
                return missing ? word : value;
            case '+':
                return missing ? "" : word;
            case '?':
                if (!missing) return value;
                string reason = value is null ? "is not allowed to be unset" : "is not allowed to be empty";
                return Fail($"{name}: {(word.Length > 0 ? word : reason)}");
            case '#' or '%':
                bool longest = word.Length > 0 && word[0] == modifier;
                string? trimmed = SubstitutionPattern.Trim(value ?? "", longest ? word[1..] : word, modifier == '%', longest, out string? fault);
                return trimmed ?? Fail(fault!);
            default:
                return Unsupported((colon ? ":" : "") + modifier);
        }
    }

    private string? Replacement(string name)
    {
        bool all = !AtEnd && Current == '/';
        if (all) _at++;
        string? pattern = ReadTo('/', keepEscapes: true, null);
        if (pattern is null) return AtEnd ? Fail("syntax error: missing '/' in ${}") : null;
        string? with = ReadTo('}', keepEscapes: true, null);
        if (with is null) return AtEnd ? Fail(MissingBrace) : null;
        string? value = Value(name);
        if (value is null && options.HasFlag(ShellLexerOptions.KeepUnset)) return $"${{{name}/{pattern}/{with}}}";
        return SubstitutionPattern.Replace(value ?? "", pattern, with, all, out string? fault) ?? Fail(fault!);
    }

    // Letters, digits and '_'; or digits alone (a positional parameter); or one special character.
    private string VariableName()
    {
        int start = _at;
        if (AtEnd) return "";
        if (Current is '@' or '*' or '#' or '?' or '-' or '$' or '!') return text[_at++].ToString();
        bool positional = Rune.TryGetRuneAt(text, _at, out Rune first) && Rune.IsDigit(first);
        while (!AtEnd && Rune.TryGetRuneAt(text, _at, out Rune rune))
        {
            bool belongs = Rune.IsDigit(rune) || (!positional && (Rune.IsLetter(rune) || rune.Value == '_'));
            if (!belongs) break;
            _at += rune.Utf16SequenceLength;
        }

        return text[start.._at];
    }

    private string? Value(string name, bool isGuarded = false)
    {
        // Positional and special parameters do not exist in a build: they are never set.
        string? value = name.Length > 0 && (name[0] == '_' || char.IsLetter(name[0]) || char.IsSurrogate(name[0])) ? lookup(name) : null;
        if (value is null) Note(ref _undefined, name);
        else Note(ref _used, name);
        if (value is null && !isGuarded) Note(ref _unguarded, name);
        return value;
    }

    private static void Note(ref OrderedDictionary<string, bool>? names, string name) => (names ??= new(StringComparer.Ordinal)).TryAdd(name, true);

    private static IEnumerable<string> Names(OrderedDictionary<string, bool>? names) => names is null ? [] : names.Keys;

    private string? Unsupported(string modifier) => Fail($"unsupported modifier ({modifier}) in substitution");

    private string? Fail(string error)
    {
        Error = error;
        return null;
    }
}
