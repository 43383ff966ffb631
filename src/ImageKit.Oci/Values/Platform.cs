using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>An operating system on a processor, in Go's names: `linux/amd64`, `linux/arm/v7`. Properties stand in the order of the specification.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md"/>
public sealed record Platform : IParsable<Platform>
{
    /// <summary>The processor: `amd64`, `arm64`, `arm`.</summary>
    public required string Architecture { get; init; }

    /// <summary>The operating system: `linux`, `windows`.</summary>
    public required string Os { get; init; }

    /// <summary>The version of the operating system (Windows).</summary>
    [JsonPropertyName("os.version")] public string? OsVersion { get; init; }

    /// <summary>Features of the operating system that are needed.</summary>
    [JsonPropertyName("os.features")] public System.Collections.Immutable.ImmutableArray<string>? OsFeatures { get; init; }

    /// <summary>The variant of the processor: `v7`.</summary>
    public string? Variant { get; init; }

    /// <summary>Linux on x86-64.</summary>
    public static Platform LinuxAmd64 { get; } = new() { Os = "linux", Architecture = "amd64" };

    /// <summary>Linux on 64-bit ARM.</summary>
    public static Platform LinuxArm64 { get; } = new() { Os = "linux", Architecture = "arm64" };

    /// <summary>Linux on this machine's processor: the platform that images are built for unless said otherwise.</summary>
    public static Platform Local { get; } = new() { Os = "linux", Architecture = LocalArchitecture() };

    /// <inheritdoc/>
    public static Platform Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out Platform? platform)
        ? platform : throw new FormatException($"'{s}' is no platform: expected os/architecture[/variant], such as 'linux/amd64' or 'linux/arm/v7'.");

    /// <summary>Reads `os/architecture[/variant]`; a bare architecture means Linux. Common other names (`x86_64`, `aarch64`) become Go's.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Platform result)
    {
        result = null;
        string[] parts = (s ?? "").ToLowerInvariant().Split('/');
        if (parts.Length > 3 || parts.Any(part => part.Length == 0 || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))) return false;
        if (parts.Length == 1) parts = parts[0] is "linux" or "windows" or "darwin" ? [parts[0], LocalArchitecture()] : ["linux", parts[0]];
        (string architecture, string? variant) = Normalize(parts[1], parts.Length == 3 ? parts[2] : null);
        result = new() { Os = parts[0], Architecture = architecture, Variant = variant };
        return true;
    }

    /// <summary>Whether an image for <paramref name="offered"/> runs where this platform is wanted: equal, or a variant left open.</summary>
    public bool Accepts(Platform offered)
    {
        (string architecture, string? variant) = Normalize(offered.Architecture, offered.Variant);
        (string mine, string? myVariant) = Normalize(Architecture, Variant);
        return offered.Os == Os && architecture == mine && (variant == myVariant || myVariant is null || variant is null)
            && (OsVersion is null || offered.OsVersion is null || OsVersion == offered.OsVersion);
    }

    /// <summary>`os/architecture[/variant]`.</summary>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";

    private static string LocalArchitecture() => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.X86 => "386",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        System.Runtime.InteropServices.Architecture.Ppc64le => "ppc64le",
        System.Runtime.InteropServices.Architecture.S390x => "s390x",
        System.Runtime.InteropServices.Architecture.RiscV64 => "riscv64",
        System.Runtime.InteropServices.Architecture.LoongArch64 => "loong64",
        System.Runtime.InteropServices.Architecture other => other.ToString().ToLowerInvariant(),
    };

    private static (string Architecture, string? Variant) Normalize(string architecture, string? variant) => (architecture, variant) switch
    {
        ("x86_64" or "x86-64", _) => ("amd64", variant == "v1" ? null : variant),
        ("amd64", "v1") => ("amd64", null),
        ("aarch64", _) or ("arm64", "v8" or "8") => ("arm64", variant is "v8" or "8" ? null : variant),
        ("armhf", _) => ("arm", "v7"),
        ("armel", _) => ("arm", "v6"),
        ("arm", null) => ("arm", "v7"),
        ("arm", "5" or "6" or "7" or "8") => ("arm", "v" + variant),
        ("i386" or "x86", _) => ("386", variant),
        _ => (architecture, variant),
    };
}
