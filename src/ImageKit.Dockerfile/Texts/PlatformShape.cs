namespace ImageKit.Dockerfile;

/// <summary>Whether a text can be a platform: <c>linux/arm/v7</c>, or an operating system or an architecture alone.</summary>
internal static class PlatformShape
{
    private static readonly HashSet<string> Systems = new(StringComparer.OrdinalIgnoreCase)
    {
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "macos", "nacl", "netbsd", "openbsd", "plan9", "solaris",
        "wasip1", "windows", "zos",
    };

    private static readonly HashSet<string> Architectures = new(StringComparer.OrdinalIgnoreCase)
    {
        "386", "amd64", "amd64p32", "arm", "arm64", "arm64be", "armbe", "armhf", "armel", "aarch64", "i386", "loong64", "mips", "mips64", "mips64le", "mips64p32",
        "mips64p32le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm", "x86-64", "x86_64",
    };

    /// <summary>What is wrong, in containerd's words; null if nothing is, or if only a build can tell.</summary>
    public static string? Fault(string text)
    {
        // An empty value has a message of its own; what stands in parentheses is the version of an operating system.
        if (text.Length == 0) return null;
        string[] parts = text.Split('/');
        parts[0] = parts[0].Split('(')[0];
        string start = $"failed to parse platform {text}: ";
        if (parts.Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))) return start + $"{GoQuote.Quote(text)} has an invalid component";
        if (parts.Length > 3) return start + $"{GoQuote.Quote(text)}: cannot parse platform specifier";
        bool isKnown = parts.Length > 1 || Systems.Contains(parts[0]) || Architectures.Contains(parts[0]) || parts[0] == "local";
        return isKnown ? null : start + $"{GoQuote.Quote(text)}: unknown operating system or architecture";
    }
}
