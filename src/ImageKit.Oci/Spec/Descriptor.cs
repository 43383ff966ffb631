using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>Points at one blob: what it is, which bytes, how many.</summary>
/// <seealso href="https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md"/>
public sealed record Descriptor
{
    /// <summary>The media type of the bytes; see <see cref="MediaTypes"/>.</summary>
    public required string MediaType { get; init; }

    /// <summary>The digest of the bytes.</summary>
    public required Digest Digest { get; init; }

    /// <summary>How many bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Places to fetch the bytes from beside the registry.</summary>
    public ImmutableArray<string>? Urls { get; init; }

    /// <summary>Free notes on this use of the blob.</summary>
    public ImmutableSortedDictionary<string, string>? Annotations { get; init; }

    /// <summary>The bytes themselves, for small blobs.</summary>
    public byte[]? Data { get; init; }

    /// <summary>The platform of the manifest pointed at, in an index.</summary>
    public Platform? Platform { get; init; }

    /// <summary>What kind of artifact the manifest pointed at is.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Fields of newer specifications, kept.</summary>
    [JsonInclude, JsonExtensionData] public IDictionary<string, JsonElement>? Unknown { get; internal set; }
}
