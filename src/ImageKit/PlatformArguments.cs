using ImageKit.Oci;

namespace ImageKit;

/// <summary>The arguments that tell a Dockerfile where it is built and for what.</summary>
internal static class PlatformArguments
{
    /// <summary>The value; null if the name is none of them.</summary>
    public static string? Find(string name, Platform target) => name switch
    {
        _ when name.StartsWith("BUILD", StringComparison.Ordinal) => Part(name[5..], Platform.Local),
        _ when name.StartsWith("TARGET", StringComparison.Ordinal) => Part(name[6..], target),
        _ => null,
    };

    private static string? Part(string part, Platform platform) => part switch
    {
        "PLATFORM" => platform.ToString(),
        "OS" => platform.Os,
        "OSVERSION" => platform.OsVersion ?? "",
        "ARCH" => platform.Architecture,
        "VARIANT" => platform.Variant ?? "",
        _ => null,
    };
}
