namespace ImageKit.Dockerfile;

/// <summary>The arguments that exist without a declaration.</summary>
public static class PredefinedArguments
{
    private static readonly HashSet<string> Platform = new(StringComparer.Ordinal)
    {
        "BUILDPLATFORM", "BUILDOS", "BUILDOSVERSION", "BUILDARCH", "BUILDVARIANT",
        "TARGETPLATFORM", "TARGETOS", "TARGETOSVERSION", "TARGETARCH", "TARGETVARIANT", "TARGETSTAGE",
    };

    private static readonly HashSet<string> Proxy = new(StringComparer.OrdinalIgnoreCase)
    {
        "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
    };

    /// <summary>Whether a name is one of the platform arguments (and TARGETSTAGE), which FROM lines see undeclared and stages once they declare them.</summary>
    /// <param name="name">The name.</param>
    public static bool IsPlatform(string name) => Platform.Contains(name);

    /// <summary>Whether a name is one of the proxy arguments, which RUN sees undeclared, in upper or in lower case.</summary>
    /// <param name="name">The name.</param>
    public static bool IsProxy(string name) => Proxy.Contains(name) && (name == name.ToUpperInvariant() || name == name.ToLowerInvariant());

    internal static IEnumerable<string> PlatformNames => Platform;

    internal static string? Placeholder(string name) => Platform.Contains(name) ? "x" : null;
}
