using System.Collections.Immutable;

namespace ImageKit.Dockerfile;

/// <summary>A POSIX shell script cut into simple commands: enough to find mistakes in it, no more.</summary>
internal sealed class ShellScript
{
    private static readonly HashSet<string> Openers = new(StringComparer.Ordinal)
    {
        "if", "then", "else", "elif", "do", "while", "until", "!", "{", "(", "sudo", "exec", "time", "command",
    };

    private readonly string _text;
    private readonly ImmutableArray<ShellCommandWords>.Builder _commands = ImmutableArray.CreateBuilder<ShellCommandWords>();
    private readonly ImmutableArray<string>.Builder _words = ImmutableArray.CreateBuilder<string>();
    private int _at;

    private ShellScript(string text) => _text = text;

    public static ImmutableArray<ShellCommandWords> Parse(string text)
    {
        ShellScript script = new(text);
        while (script._at < text.Length) script.Step();
        script.Finish("");
        return script._commands.ToImmutable();
    }

    private void Step()
    {
        char c = _text[_at];
        if (c is ' ' or '\t' or '\r') _at++;
        else if (c == '\\' && _at + 1 < _text.Length && _text[_at + 1] == '\n') _at += 2;
        else if (c == '#') SkipComment();
        else if (c is '\n' or ';' or '&' or '|' or '(' or ')') Operator();
        else _words.Add(Word());
    }

    private void SkipComment()
    {
        int end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private void Operator()
    {
        bool isDouble = _text[_at] is '&' or '|' or ';' && _at + 1 < _text.Length && _text[_at + 1] == _text[_at];
        int length = isDouble ? 2 : 1;
        Finish(_text.Substring(_at, length));
        _at += length;
    }

    // Quotes and substitutions belong to the word; blanks and operators inside them do not end it.
    private string Word()
    {
        int start = _at;
        int depth = 0;
        char quote = '\0';
        for (; _at < _text.Length; _at++)
        {
            char c = _text[_at];
            if (c == '\\' && quote != '\'') _at++;
            else if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"' or '`') quote = c;
            else if (c == '(' && (depth > 0 || (_at > start && _text[_at - 1] == '$'))) depth++;
            else if (c == ')' && depth > 0) depth--;
            else if (depth == 0 && IsEnd(start, c)) break;
        }

        _at = Math.Min(_at, _text.Length);
        return _text[start.._at];
    }

    // A '&' in a redirection such as 2>&1 is part of it.
    private bool IsEnd(int start, char c) => c is ' ' or '\t' or '\r' or '\n' or ';' or '|' or '(' or ')'
        || (c == '&' && !(_at > start && _text[_at - 1] is '>' or '<') && !(_at + 1 < _text.Length && _text[_at + 1] == '>'));

    private void Finish(string separator)
    {
        int first = 0;
        while (first < _words.Count && (Openers.Contains(_words[first]) || IsAssignment(_words[first], first))) first++;
        if (_words.Count > 0) _commands.Add(new(_words.ToImmutable(), Math.Min(first, _words.Count - 1), separator));
        _words.Clear();
    }

    // An assignment before a command; one that stands alone is the command.
    private bool IsAssignment(string word, int index) => index + 1 < _words.Count && ShellCommandWords.AssignedName(word) is not null;
}

/// <summary>A simple command.</summary>
/// <param name="All">All words as written, keywords and assignments before the program among them.</param>
/// <param name="ProgramIndex">Which of them is the program.</param>
/// <param name="Separator">What ends the command: <c>&amp;&amp;</c>, <c>||</c>, <c>|</c>, <c>;</c>, a line end …; empty at the end of the script.</param>
internal readonly record struct ShellCommandWords(ImmutableArray<string> All, int ProgramIndex, string Separator)
{
    /// <summary>The program, without its directory.</summary>
    public string Program => All[ProgramIndex][(All[ProgramIndex].LastIndexOf('/') + 1)..];

    /// <summary>What stands behind the program.</summary>
    public IEnumerable<string> Arguments => All.Skip(ProgramIndex + 1);

    /// <summary>The name that a word such as <c>NAME=value</c> sets; null if it is no assignment.</summary>
    public static string? AssignedName(string word)
    {
        int equals = word.IndexOf('=');
        if (equals < 1 || char.IsAsciiDigit(word[0])) return null;
        string name = word[..equals].TrimEnd('+');
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : null;
    }
}
