namespace ImageKit.Dockerfile;

/// <summary>Reads characters one by one and knows whether blanks at the place reached mean anything.</summary>
/// <param name="escape">The escape character.</param>
internal sealed class QuoteScanner(char escape)
{
    private char _quote;
    private bool _escaped;
    private bool _uncertain;
    private char _last;

    /// <summary>Whether the place is in no quotes and behind no escape, for sure.</summary>
    public bool IsPlain => _quote == '\0' && !_escaped && !_uncertain;

    /// <summary>Whether the last character was a blank.</summary>
    public bool IsBehindBlank => _last is ' ' or '\t';

    public void Feed(ReadOnlySpan<char> text)
    {
        foreach (char c in text) Feed(c);
    }

    public void Feed(char c)
    {
        char before = _last;
        _last = c;
        if (_uncertain) return;
        if (_escaped) _escaped = false;
        else if (c == escape && _quote != '\'') _escaped = true;
        else if (_quote == '\0') Open(c, before);
        else if (c == _quote) _quote = '\0';
        // Quotes begin anew inside a substitution: where they end is a question for the shell.
        else if (_quote == '"' && (c == '`' || (c == '(' && before == '$'))) _uncertain = true;
    }

    private void Open(char c, char before)
    {
        if (c is '"' or '\'')
        {
            if (c == '\'' && before == '$') _uncertain = true;
            else _quote = c;
        }
        else if (c == '`')
        {
            _uncertain = true;
        }
    }
}
