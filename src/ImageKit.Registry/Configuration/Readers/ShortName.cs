using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>The two sides of an alias in registries.conf.</summary>
internal static class ShortName
{
    /// <summary>Why a text is no short name; null if it is one.</summary>
    public static string? Fault(string name)
    {
        if (name.Contains('@', StringComparison.Ordinal)) return "it holds a digest";
        if (HasTag(name)) return "it holds a tag";
        if (HasRegistry(name)) return "it holds a registry";
        return ImageReference.TryParse($"registry.invalid/{name}", out _) ? null : "it is no name of a repository";
    }

    /// <summary>Why a text is no repository with its registry; null if it is one.</summary>
    public static string? TargetFault(string name)
    {
        if (name.Contains('@', StringComparison.Ordinal)) return "it holds a digest";
        if (HasTag(name)) return "it holds a tag";
        if (!HasRegistry(name)) return "it holds no registry";
        return ImageReference.TryParse(name, out _) ? null : "it is no name of a repository";
    }

    private static bool HasTag(string name) => name.LastIndexOf(':') > name.LastIndexOf('/') && name.Contains(':', StringComparison.Ordinal);

    private static bool HasRegistry(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && (name.AsSpan(0, slash).ContainsAny('.', ':') || name[..slash] == "localhost");
    }
}
