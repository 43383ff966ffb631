using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Registry;

/// <summary>The accelerators that files may call by name. They change from month to month: a file of one's own adds to those that ship, or replaces them.</summary>
public sealed class MirrorPresets
{
    private MirrorPresets(ImmutableArray<MirrorPreset> all) => All = all;

    /// <summary>Those that ship with this version.</summary>
    public static MirrorPresets Shipped { get; } = ReadShipped();

    /// <summary>All of them, by name.</summary>
    public ImmutableArray<MirrorPreset> All { get; }

    /// <summary>Reads a list of presets.</summary>
    /// <exception cref="ImageKitException">The text is no list of presets (IK2041).</exception>
    public static MirrorPresets Parse(string json, string file = "presets.json")
    {
        try
        {
            return new([.. JsonSerializer.Deserialize(json, PresetJson.Wire.MirrorPresetArray) ?? []]);
        }
        catch (JsonException error)
        {
            throw new ImageKitException("IK2041", $"The presets in '{file}' cannot be read.", error.Message, "Mend the JSON; docs/mirrors.md shows its form.", error);
        }
    }

    /// <summary>These with others on top: one of the same name replaces.</summary>
    public MirrorPresets With(MirrorPresets others)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new([.. All.Where(preset => others.Find(preset.Name) is null), .. others.All]);
    }

    /// <summary>The preset of a name, or null.</summary>
    public MirrorPreset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    private static MirrorPresets ReadShipped()
    {
        using Stream stream = typeof(MirrorPresets).Assembly.GetManifestResourceStream("ImageKit.Registry.presets.json")!;
        using StreamReader reader = new(stream);
        return Parse(reader.ReadToEnd());
    }
}

/// <summary>The form of presets in JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(MirrorPreset[]))]
internal sealed partial class PresetJson : JsonSerializerContext
{
    public static PresetJson Wire => field ??= new(new JsonSerializerOptions(Default.Options) { AllowDuplicateProperties = false });
}
