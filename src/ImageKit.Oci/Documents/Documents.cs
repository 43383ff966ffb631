using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ImageKit.Oci;

/// <summary>Reads and writes manifests, indexes and configs: with limits, verified, and with the bytes kept.</summary>
public static class Documents
{
    /// <summary>The largest manifest or index that is read: 4 MiB, which every registry takes.</summary>
    public const int MaxManifestBytes = 4 * 1024 * 1024;

    /// <summary>The largest config that is read: 8 MiB.</summary>
    public const int MaxConfigBytes = 8 * 1024 * 1024;

    /// <summary>Reads an image manifest.</summary>
    /// <exception cref="ContentException">
    /// Missing (IK1101), not what the descriptor promises (IK1102, IK1103), over the limit (IK1006), malformed (IK1005), or readable in two ways
    /// (IK1105, CVE-2021-41190).
    /// </exception>
    public static async Task<Document<ImageManifest>> ReadManifestAsync(IContentSource source, Descriptor descriptor, CancellationToken cancel = default)
    {
        byte[] bytes = await ReadBytesAsync(source, descriptor, MaxManifestBytes, cancel).ConfigureAwait(false);
        return ParseManifest(bytes, descriptor);
    }

    /// <summary>Reads an index or manifest list.</summary>
    /// <inheritdoc cref="ReadManifestAsync" path="/exception"/>
    public static async Task<Document<IndexManifest>> ReadIndexAsync(IContentSource source, Descriptor descriptor, CancellationToken cancel = default)
    {
        byte[] bytes = await ReadBytesAsync(source, descriptor, MaxManifestBytes, cancel).ConfigureAwait(false);
        return ParseIndex(bytes, descriptor);
    }

    /// <summary>Reads an image config.</summary>
    /// <inheritdoc cref="ReadManifestAsync" path="/exception"/>
    public static async Task<Document<ImageConfig>> ReadConfigAsync(IContentSource source, Descriptor descriptor, CancellationToken cancel = default)
    {
        byte[] bytes = await ReadBytesAsync(source, descriptor, MaxConfigBytes, cancel).ConfigureAwait(false);
        return ParseConfig(bytes, descriptor);
    }

    /// <summary>Parses an image manifest from bytes that are proven already.</summary>
    /// <exception cref="ContentException">Malformed (IK1005), or readable in two ways (IK1105).</exception>
    public static Document<ImageManifest> ParseManifest(ReadOnlyMemory<byte> bytes, Descriptor descriptor)
    {
        ImageManifest manifest = Parse(bytes, descriptor, OciJson.Wire.ImageManifest);
        DocumentRules.Check(descriptor, manifest.MediaType, MediaTypes.IsIndex, manifest.Unknown);
        DocumentRules.CheckLists(descriptor, "layers", manifest.Layers);
        DocumentRules.CheckLists(descriptor, "config", [manifest.Config]);
        return new(manifest, bytes, descriptor);
    }

    /// <summary>Parses an index from bytes that are proven already.</summary>
    /// <inheritdoc cref="ParseManifest" path="/exception"/>
    public static Document<IndexManifest> ParseIndex(ReadOnlyMemory<byte> bytes, Descriptor descriptor)
    {
        IndexManifest index = Parse(bytes, descriptor, OciJson.Wire.IndexManifest);
        DocumentRules.Check(descriptor, index.MediaType, MediaTypes.IsManifest, index.Unknown);
        DocumentRules.CheckLists(descriptor, "manifests", index.Manifests);
        return new(index, bytes, descriptor);
    }

    /// <summary>Parses a config from bytes that are proven already.</summary>
    /// <exception cref="ContentException">Malformed (IK1005).</exception>
    public static Document<ImageConfig> ParseConfig(ReadOnlyMemory<byte> bytes, Descriptor descriptor)
    {
        ImageConfig config = Parse(bytes, descriptor, OciJson.Wire.ImageConfig);
        return config.Rootfs is null ? throw ContentFaults.Malformed(descriptor, "Its 'rootfs' is null.") : new(config, bytes, descriptor);
    }

    /// <summary>Writes a manifest: its bytes, and the descriptor of its own media type (OCI's unless it says otherwise).</summary>
    public static Document<ImageManifest> WriteManifest(ImageManifest manifest) => Write(manifest, manifest.MediaType ?? MediaTypes.Manifest, OciJson.Indented.ImageManifest);

    /// <summary>Writes an index: its bytes, and the descriptor of its own media type (OCI's unless it says otherwise).</summary>
    public static Document<IndexManifest> WriteIndex(IndexManifest index) => Write(index, index.MediaType ?? MediaTypes.Index, OciJson.Indented.IndexManifest);

    /// <summary>Writes a config: its bytes and its descriptor.</summary>
    public static Document<ImageConfig> WriteConfig(ImageConfig config, string mediaType = MediaTypes.Config) => Write(config, mediaType, OciJson.Wire.ImageConfig);

    /// <summary>Reads a whole small blob; size and digest are proven.</summary>
    /// <exception cref="ContentException">Over the limit (IK1006), missing (IK1101), or not what the descriptor promises (IK1102, IK1103).</exception>
    public static async Task<byte[]> ReadBytesAsync(IContentSource source, Descriptor descriptor, int limit = MaxManifestBytes, CancellationToken cancel = default)
    {
        if (descriptor.Size > limit) throw ContentFaults.TooLarge(descriptor, limit);
        Stream stream = await source.OpenAsync(descriptor, cancel).ConfigureAwait(false);
        // A source of a user's own making may not verify as it should; ours do, and are not hashed twice.
        if (stream is not VerifyingStream) stream = new VerifyingStream(stream, descriptor);
        await using (stream.ConfigureAwait(false))
        {
            var bytes = new byte[descriptor.Size];
            await stream.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
            if (bytes.Length == 0) _ = await stream.ReadAsync(new byte[1], cancel).ConfigureAwait(false); // proves that nothing is all
            return bytes;
        }
    }

    /// <summary>Parses a layout's `index.json`, which has no descriptor and may lack its media type.</summary>
    internal static IndexManifest ParseLayoutIndex(ReadOnlySpan<byte> bytes)
    {
        IndexManifest? index = JsonSerializer.Deserialize(bytes, OciJson.Wire.IndexManifest);
        if (index is null) throw new JsonException("It is null.");
        // Go writes null for an empty list.
        if (index.Manifests.IsDefault) return index with { Manifests = [] };
        return index.Manifests.Any(entry => entry?.MediaType is null) ? throw new JsonException("An entry of 'manifests' is null.") : index;
    }

    private static T Parse<T>(ReadOnlyMemory<byte> bytes, Descriptor descriptor, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type) ?? throw ContentFaults.Malformed(descriptor, "It is null.");
        }
        catch (JsonException e) // says where in the text
        {
            throw ContentFaults.Malformed(descriptor, e.Message, e);
        }
    }

    private static Document<T> Write<T>(T value, string mediaType, JsonTypeInfo<T> type)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return new(value, bytes, new() { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length });
    }
}
