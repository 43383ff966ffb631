using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>ImageKit's own file: mirrors of any kind, for any registry, and what becomes of the files of other tools.</summary>
/// <remarks>`docs/mirrors.md` describes it.</remarks>
public sealed record ImageKitToml : IMirrorSource
{
    /// <inheritdoc/>
    public string Format => "imagekit.toml";

    /// <summary>Who says what a tag means; null if the file does not say, which means <see cref="TagPolicy.Verify"/>.</summary>
    public TagPolicy? Tags { get; init; }

    /// <summary>What becomes of mirrors where there is a login; null if the file does not say, which means <see cref="LoginPolicy.SkipMirrors"/>.</summary>
    public LoginPolicy? Logins { get; init; }

    /// <summary>Which files of other tools count, in this order; `default` if the file does not say, which means all.</summary>
    public ImmutableArray<string> Imports { get; init; }

    /// <inheritdoc/>
    public ImmutableArray<MirrorRule> Rules { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<HostRule> Hosts { get; init; } = [];

    /// <inheritdoc/>
    public ImmutableArray<ConfigurationDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>Reads the text of a file; what is wrong is in <see cref="Diagnostics"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name for messages; files named in it are relative to its folder.</param>
    /// <param name="presets">The presets that mirrors may name; null for those that ship.</param>
    public static ImageKitToml Parse(string text, string file = "imagekit.toml", MirrorPresets? presets = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ImageKitTomlReader(file, presets ?? MirrorPresets.Shipped).Read(text);
    }
}
