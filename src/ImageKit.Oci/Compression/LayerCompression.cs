namespace ImageKit.Oci;

/// <summary>How the blob of a layer is compressed when we make it.</summary>
public enum LayerCompression
{
    /// <summary>The blob is the tar as it is.</summary>
    None = 0,

    /// <summary>gzip, which every tool reads.</summary>
    Gzip = 1,

    /// <summary>Zstandard: faster and smaller; Docker reads it since 23.0.</summary>
    Zstd = 2,
}
