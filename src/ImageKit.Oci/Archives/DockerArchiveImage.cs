using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>One image in the `manifest.json` of Docker's archives.</summary>
internal sealed record DockerArchiveImage
{
    /// <summary>The path of the config.</summary>
    [JsonPropertyName("Config")] public required string Config { get; init; }

    /// <summary>The image's names; null for an image without one.</summary>
    [JsonPropertyName("RepoTags"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public ImmutableArray<string>? RepoTags { get; init; }

    /// <summary>The paths of the layers, lowest first.</summary>
    [JsonPropertyName("Layers"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public ImmutableArray<string>? Layers { get; init; }
}
