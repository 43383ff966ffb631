using System.IO.Enumeration;

namespace ImageKit.Oci;

/// <summary>A pattern of relative paths: `*` and `?` within a name, `**` for any number of folders. It takes what lies below a match with it.</summary>
internal sealed class PathPattern
{
    private readonly string[] _parts;

    public PathPattern(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        _parts = [.. text.Split('/').Where(part => part is not ("" or "."))];
    }

    public bool Matches(string path) => Matches(_parts, path.Split('/'));

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty) return true; // the rest of the path lies below the match
        if (pattern[0] == "**") return Matches(pattern[1..], path) || (!path.IsEmpty && Matches(pattern, path[1..]));
        return !path.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false) && Matches(pattern[1..], path[1..]);
    }
}
