using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>What `blobs.json` beside a layer says: which blobs are this layer, the one recorded first before others.</summary>
internal sealed record LayerBlobs(ImmutableArray<LayerBlob> Blobs)
{
    public static LayerBlobs Empty { get; } = new([]);

    /// <summary>Reads the file; one that is torn counts as empty, as it is made again.</summary>
    public static LayerBlobs Parse(byte[]? json)
    {
        if (json is null) return Empty;
        try
        {
            return JsonSerializer.Deserialize(json, OciJson.Wire.LayerBlobs) is { Blobs.IsDefault: false } blobs ? blobs : Empty;
        }
        catch (JsonException) // torn by a loss of power
        {
            return Empty;
        }
    }

    public LayerBlobs With(LayerBlob blob) => Blobs.Any(known => known.Digest == blob.Digest && known.MediaType == blob.MediaType) ? this : new(Blobs.Add(blob));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, OciJson.Wire.LayerBlobs);
}

/// <summary>One blob of a layer.</summary>
/// <param name="MediaType">As a manifest names it.</param>
/// <param name="Digest">Of the blob.</param>
/// <param name="Size">Bytes of the blob.</param>
/// <param name="Codec">Which codec of ours made it; null if somebody else did.</param>
internal sealed record LayerBlob(string MediaType, Digest Digest, long Size, string? Codec)
{
    /// <summary>What a pipeline with this codec made.</summary>
    public static LayerBlob Of(LayerCompression compression, PipelineResult result, BlockCodec? codec) =>
        new(MediaTypeOf(compression), result.CompressedHash.ToDigest(), result.CompressedLength, codec?.Id);

    public Descriptor ToDescriptor() => new() { MediaType = MediaType, Digest = Digest, Size = Size };

    public LayerCompression? Compression => MediaType switch
    {
        _ when MediaType.EndsWith("gzip", StringComparison.Ordinal) => LayerCompression.Gzip,
        _ when MediaType.EndsWith("zstd", StringComparison.Ordinal) => LayerCompression.Zstd,
        _ when MediaType.EndsWith(".tar", StringComparison.Ordinal) => LayerCompression.None,
        _ => null,
    };

    private static string MediaTypeOf(LayerCompression compression) => compression switch
    {
        LayerCompression.Gzip => MediaTypes.LayerGzip,
        LayerCompression.Zstd => MediaTypes.LayerZstd,
        _ => MediaTypes.Layer,
    };
}
