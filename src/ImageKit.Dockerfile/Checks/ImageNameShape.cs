namespace ImageKit.Dockerfile;

/// <summary>Whether a text looks like an image's name: enough to find defaults that make none.</summary>
internal static class ImageNameShape
{
    public static bool IsValid(string text)
    {
        string[] digest = text.Split('@', 2);
        if (digest.Length == 2 && !(digest[1].IndexOf(':') is > 0 and var colon && colon + 1 < digest[1].Length)) return false;
        string name = digest[0];
        int tag = name.LastIndexOf(':');
        if (tag > name.LastIndexOf('/'))
        {
            if (!IsTag(name[(tag + 1)..])) return false;
            name = name[..tag];
        }

        string[] parts = name.Split('/');
        bool hasHost = parts.Length > 1 && (parts[0].AsSpan().IndexOfAny(".:") >= 0 || parts[0] == "localhost" || parts[0].Any(char.IsAsciiLetterUpper));
        return (hasHost ? parts.Skip(1) : parts).All(IsPathPart);
    }

    /// <summary>The name with its path in lower case, if that makes it valid; else null.</summary>
    public static string? Lower(string text)
    {
        int end = text.IndexOf('@');
        if (end < 0) end = text.Length;
        int colon = text.LastIndexOf(':', end - 1);
        if (colon > text.LastIndexOf('/', end - 1)) end = colon;
        string lower = text[..end].ToLowerInvariant() + text[end..];
        return lower != text && IsValid(lower) ? lower : null;
    }

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= 128 && tag[0] is not ('.' or '-') && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static bool IsPathPart(string part) =>
        part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && char.IsAsciiLetterOrDigit(part[^1])
        && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.' or '-');
}
