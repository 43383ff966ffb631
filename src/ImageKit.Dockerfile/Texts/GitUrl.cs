namespace ImageKit.Dockerfile;

/// <summary>The parts of a git URL in one of its forms: with a scheme, as <c>user@host:path</c>, or <c>github.com/…</c>.</summary>
internal sealed record GitUrl(string Scheme, string Remote, string Query, string Fragment, bool LooksLocal)
{
    /// <summary>Reads a URL; null if the text is none of a git repository.</summary>
    public static GitUrl? Parse(string text)
    {
        if (text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal)) return null;
        (string rest, string fragment) = Cut(text, '#');
        (string remote, string query) = Cut(rest, '?');
        bool isBroken = HasBrokenEscape(remote) || HasBrokenEscape(fragment);
        if (text.StartsWith("github.com/", StringComparison.Ordinal)) return isBroken ? null : new("https", remote, query, Unescape(fragment), LooksLocal: true);
        int colon = remote.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0 || !remote[..colon].All(char.IsAsciiLetterOrDigit)) return Scp(remote, query, fragment);
        string scheme = remote[..colon].ToLowerInvariant();
        if (scheme is not ("http" or "https" or "ssh" or "git")) return null;
        string location = remote[(colon + 3)..];
        if (location.Length == 0 || location[0] == '/' || location.Any(c => char.IsControl(c) || c == ' ')) return null;
        if (isBroken || !HasGoodPort(location)) return null;
        // Any http address may be a file; only the ending makes it a repository.
        if (scheme is "http" or "https" && !(location.Contains('/') && location.EndsWith(".git", StringComparison.Ordinal))) return null;
        return new(scheme, $"{scheme}://{location}", query, Unescape(fragment), LooksLocal: false);
    }

    private static GitUrl? Scp(string remote, string query, string fragment)
    {
        int at = remote.IndexOf('@');
        int colon = remote.IndexOf(':');
        if (at < 1 || colon < at + 2) return null;
        bool user = remote[..at].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        bool host = remote[(at + 1)..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
        return user && host ? new("ssh", remote, query, fragment, LooksLocal: false) : null;
    }

    private static (string Before, string After) Cut(string text, char at)
    {
        int index = text.IndexOf(at);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    /// <summary>Whether there is a '%' that two hexadecimal digits do not follow; no address has one.</summary>
    public static bool HasBrokenEscape(string text)
    {
        for (int at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2])) return true;
        }

        return false;
    }

    // Behind the host's colon stand digits or nothing. The colons of an IPv6 address are in brackets.
    private static bool HasGoodPort(string location)
    {
        string host = location.Split('/', 2)[0];
        host = host[(host.LastIndexOf('@') + 1)..];
        int colon = host.IndexOf(':', host.LastIndexOf(']') + 1);
        return colon < 0 || host[(colon + 1)..].All(char.IsAsciiDigit);
    }
}
