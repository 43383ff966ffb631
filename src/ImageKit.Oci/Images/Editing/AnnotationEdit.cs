using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>One annotation to set or take away, and where.</summary>
/// <param name="Level">Which document has it.</param>
/// <param name="Platform">Only for images of this platform; null for all.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null takes it away.</param>
public sealed record AnnotationEdit(AnnotationLevel Level, Platform? Platform, string Name, string? Value)
{
    private static readonly ImmutableDictionary<string, AnnotationLevel> Levels = ImmutableDictionary.CreateRange<string, AnnotationLevel>(
        [new("manifest", AnnotationLevel.Manifest), new("index", AnnotationLevel.Index), new("manifest-descriptor", AnnotationLevel.ManifestDescriptor)]);

    /// <summary>Reads `[LEVEL[,LEVEL][[PLATFORM]]:]NAME=VALUE` as BuildKit has it, such as `index:a=b` or `manifest[linux/arm64]:a=b`; without a level, the manifest's.</summary>
    /// <param name="text">The text.</param>
    /// <param name="removes">Whether there is no value, as the annotation is to be taken away.</param>
    /// <returns>One edit for each level; none if the text is malformed.</returns>
    public static ImmutableArray<AnnotationEdit> Parse(string text, bool removes = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        (ImmutableArray<AnnotationLevel> levels, Platform? platform, string rest) = Prefix(text);
        int equals = rest.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? rest : rest[..equals];
        if (name.Length == 0 || removes == equals >= 0) return [];
        return [.. levels.Select(level => new AnnotationEdit(level, platform, name, removes ? null : rest[(equals + 1)..]))];
    }

    /// <summary>Whether an image of this platform is meant.</summary>
    internal bool IsFor(Platform? platform) => Platform is null || (platform is not null && Platform.Accepts(platform));

    // A name may hold a colon itself: only what is a level counts as one.
    private static (ImmutableArray<AnnotationLevel> Levels, Platform? Platform, string Left) Prefix(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string prefix = colon < 0 ? "" : text[..colon];
        Platform? platform = null;
        if (prefix.EndsWith(']') && prefix.IndexOf('[', StringComparison.Ordinal) is var open and > 0)
        {
            if (!Oci.Platform.TryParse(prefix[(open + 1)..^1], null, out platform)) return ([AnnotationLevel.Manifest], null, "");
            prefix = prefix[..open];
        }
        string[] names = prefix.Split(',');
        return colon > 0 && names.All(Levels.ContainsKey) ? ([.. names.Select(name => Levels[name])], platform, text[(colon + 1)..]) : ([AnnotationLevel.Manifest], null, text);
    }
}

/// <summary>Which document an annotation stands in.</summary>
public enum AnnotationLevel
{
    /// <summary>An image's manifest.</summary>
    Manifest = 0,

    /// <summary>The index.</summary>
    Index = 1,

    /// <summary>The entry of an image in the index.</summary>
    ManifestDescriptor = 2,
}
