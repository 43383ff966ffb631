namespace ImageKit.Posix;

/// <summary>The grammar of paths below a <see cref="DirectoryRoot"/>: relative, `/` between names, no `.`, `..`, empty name or NUL; "" is the root.</summary>
public static class SafePath
{
    /// <summary>Whether <paramref name="path"/> may be given to a <see cref="DirectoryRoot"/> of this platform.</summary>
    public static bool IsSafe(string path) => WhyNot(path, OperatingSystem.IsWindows()) is null;

    /// <summary>The part before the last `/`; "" for a name directly below the root.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is >= 0 and int slash ? path[..slash] : "";

    /// <summary>The part behind the last `/`.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Puts a name below a directory, which may be "".</summary>
    public static string Join(string directory, string name) => directory.Length == 0 ? name : string.Concat(directory, "/", name);

    internal static void Check(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (WhyNot(path, OperatingSystem.IsWindows()) is { } why) throw new ArgumentException($"'{path}' is no path below a root: {why}.", nameof(path));
    }

    /// <summary>Says what is wrong with a path, or null. Windows takes fewer names than others.</summary>
    internal static string? WhyNot(ReadOnlySpan<char> path, bool windows)
    {
        if (path.IsEmpty) return null;
        if (path.Contains('\0')) return "it holds a NUL";
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> name = path[range];
            if (name.IsEmpty) return "it has an empty name";
            if (name is "." or "..") return "it has a '.' or '..'";
            if (windows && WhyNotWindows(name) is { } why) return why;
        }
        return null;
    }

    private static string? WhyNotWindows(ReadOnlySpan<char> name)
    {
        if (name.IndexOfAny("\\:*?\"<>|") >= 0) return "it holds a character that Windows forbids in names";
        if (name.ContainsAnyInRange('\x01', '\x1F')) return "it holds a control character, which Windows forbids in names";
        if (name[^1] is '.' or ' ') return "it ends in a dot or a space, which Windows drops";
        int dot = name.IndexOf('.');
        ReadOnlySpan<char> stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ');
        bool reserved = IsAny(stem, "CON", "PRN", "AUX", "NUL") || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && IsAny(stem[..3], "COM", "LPT"));
        return reserved ? "it is the name of a device on Windows" : null;
    }

    private static bool IsAny(ReadOnlySpan<char> text, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
