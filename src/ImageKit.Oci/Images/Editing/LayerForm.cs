using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Tells from a layer's descriptor how it is stored.</summary>
internal static class LayerForm
{
    public static LayerEncoding? Of(Descriptor layer) => layer.MediaType switch
    {
        _ when EstargzLayer.Is(layer) => LayerEncoding.Estargz,
        _ when ZstdChunkedLayer.Is(layer) => LayerEncoding.ZstdChunked,
        _ when layer.MediaType.EndsWith("gzip", StringComparison.Ordinal) => LayerEncoding.Gzip,
        _ when layer.MediaType.EndsWith("zstd", StringComparison.Ordinal) => LayerEncoding.Zstd,
        _ when layer.MediaType.EndsWith(".tar", StringComparison.Ordinal) => LayerEncoding.None,
        _ => null,
    };

    /// <summary>The descriptor without what speaks of its compressed bytes alone.</summary>
    public static Descriptor Plain(Descriptor layer) => layer.Annotations is not { } annotations ? layer : layer with
    {
        Annotations = annotations.RemoveRange(annotations.Keys.Where(IsOfBytes)) is { IsEmpty: false } left ? left : null,
    };

    private static bool IsOfBytes(string annotation) => annotation.StartsWith("containerd.io/snapshot/stargz/", StringComparison.Ordinal)
        || annotation.StartsWith(ZstdChunkedPlace.Prefix, StringComparison.Ordinal) || annotation.StartsWith(ZstdChunkedPlace.OldPrefix, StringComparison.Ordinal) || annotation == EstargzNames.SizeAnnotation;
}
