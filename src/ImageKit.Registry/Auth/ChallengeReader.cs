using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace ImageKit.Registry;

/// <summary>Reads `WWW-Authenticate`, in which a comma separates both parameters and challenges.</summary>
internal ref struct ChallengeReader(string text)
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> Token68Characters =
        SearchValues.Create("-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly string _text = text;
    private int _at;

    public ImmutableArray<AuthChallenge> ReadAll()
    {
        var found = ImmutableArray.CreateBuilder<AuthChallenge>();
        while (true)
        {
            Skip(commas: true);
            if (_at >= _text.Length) return found.ToImmutable();
            string scheme = ReadToken();
            if (scheme.Length == 0) _at++; // no character that a challenge starts with: skip it
            else found.Add(ReadChallenge(scheme));
        }
    }

    private AuthChallenge ReadChallenge(string scheme)
    {
        Skip(commas: false);
        if (TryReadToken68() is { } single) return new AuthChallenge { Scheme = scheme, Token68 = single };
        var parameters = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        while (TryReadParameter(out string name, out string? value))
        {
            if (value is not null) parameters.TryAdd(name, value);
        }
        return new AuthChallenge { Scheme = scheme, Parameters = parameters.ToImmutable() };
    }

    // A value such as `YII=`: nothing but a comma or the end may follow, else it is the name of a parameter.
    private string? TryReadToken68()
    {
        int end = _at;
        while (end < _text.Length && Token68Characters.Contains(_text[end])) end++;
        if (end == _at) return null;
        while (end < _text.Length && _text[end] == '=') end++;
        int next = end;
        while (next < _text.Length && _text[next] is ' ' or '\t') next++;
        if (next < _text.Length && _text[next] != ',') return null;
        string value = _text[_at..end];
        _at = next;
        return value;
    }

    // The value is null where a quoted string has no end: what was cut off may have changed its meaning.
    private bool TryReadParameter(out string name, out string? value)
    {
        int start = _at;
        Skip(commas: true);
        name = ReadToken();
        Skip(commas: false);
        value = "";
        if (name.Length == 0 || _at >= _text.Length || _text[_at] != '=')
        {
            _at = start; // the next challenge's scheme, or rubbish: the caller decides
            return false;
        }
        _at++;
        Skip(commas: false);
        value = _at < _text.Length && _text[_at] == '"' ? ReadQuoted() : ReadBare();
        return true;
    }

    private string? ReadQuoted()
    {
        StringBuilder value = new();
        for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            value.Append(_text[_at]);
        }
        if (_at >= _text.Length) return null;
        _at++;
        return value.ToString();
    }

    // More than the grammar's token: some registries leave a URL without quotes.
    private string ReadBare()
    {
        int start = _at;
        while (_at < _text.Length && _text[_at] is not (',' or ' ' or '\t')) _at++;
        return _text[start.._at];
    }

    private string ReadToken()
    {
        int start = _at;
        while (_at < _text.Length && TokenCharacters.Contains(_text[_at])) _at++;
        return _text[start.._at];
    }

    private void Skip(bool commas)
    {
        while (_at < _text.Length && (_text[_at] is ' ' or '\t' || (commas && _text[_at] == ','))) _at++;
    }
}
