using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>A list of manifests, usually one for each platform.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md"/>
public sealed record IndexManifest
{
    /// <summary>Always 2.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The index's own media type; absent in what some tools write.</summary>
    public string? MediaType { get; init; }

    /// <summary>What kind of artifact this is, when it is no image.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>The manifests, in the order of preference.</summary>
    public required ImmutableArray<Descriptor> Manifests { get; init; }

    /// <summary>The manifest that this one is about.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>Free notes.</summary>
    public ImmutableSortedDictionary<string, string>? Annotations { get; init; }

    /// <summary>Fields of newer specifications, kept.</summary>
    [JsonInclude, JsonExtensionData] public IDictionary<string, JsonElement>? Unknown { get; internal set; }
}
