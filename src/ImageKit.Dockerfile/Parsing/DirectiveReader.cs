namespace ImageKit.Dockerfile;

/// <summary>Reads the parser directives at the top of a file; the first line that is none closes the section.</summary>
internal sealed class DirectiveReader(bool open)
{
    private bool _open = open;

    public List<ParserDirective> Directives { get; } = [];

    public char Escape { get; private set; } = '\\';

    public void Close() => _open = false;

    /// <summary>Reads a comment line.</summary>
    /// <returns>Whether it is a directive.</returns>
    public bool Read(SourceText source, int start, int end, FaultList diagnostics)
    {
        if (!_open || TryRead(source, start, end, "#") is not { } directive)
        {
            _open = false;
            return false;
        }

        if (Directives.Any(earlier => earlier.Name == directive.Name)) diagnostics.Add(Faults.DuplicateDirective(directive));
        else if (directive.Name == "escape") SetEscape(directive, diagnostics);
        else if (directive.Name == "check") diagnostics.Add(CheckDirective.Parse(directive.Value.Text).Faults.Select(fault => Faults.CheckOption(directive.Value.Span, fault)));
        Directives.Add(directive);
        return true;
    }

    /// <summary>Reads <c># name = value</c>; null if the line is something else or the name is unknown.</summary>
    public static ParserDirective? TryRead(SourceText source, int start, int end, string prefix)
    {
        string text = source.Text;
        int at = start;
        if (!text.AsSpan(start, end - start).StartsWith(prefix, StringComparison.Ordinal)) return null;
        at = SkipBlanks(text, at + prefix.Length, end);
        int nameStart = at;
        while (at < end && (char.IsAsciiLetter(text[at]) || (at > nameStart && char.IsAsciiDigit(text[at])))) at++;
        string name = text[nameStart..at].ToLowerInvariant();
        if (name is not ("syntax" or "escape" or "check")) return null;
        at = SkipBlanks(text, at, end);
        if (at == end || text[at] != '=') return null;
        at = SkipBlanks(text, at + 1, end);
        int valueEnd = end;
        while (valueEnd > at && char.IsWhiteSpace(text[valueEnd - 1])) valueEnd--;
        return at == valueEnd ? null : new(name, new(text[at..valueEnd], source.Span(at, valueEnd)), source.Span(start, end));
    }

    private void SetEscape(ParserDirective directive, FaultList diagnostics)
    {
        if (directive.Value.Text is "\\" or "`") Escape = directive.Value.Text[0];
        else diagnostics.Add(Faults.InvalidEscape(directive));
    }

    private static int SkipBlanks(string text, int at, int end)
    {
        while (at < end && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
