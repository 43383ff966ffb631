namespace ImageKit.Oci;

/// <summary>The compressions that can be read.</summary>
public enum CompressionFormat
{
    /// <summary>Not compressed, or with something unknown.</summary>
    None = 0,

    /// <summary>gzip, of one or many members.</summary>
    Gzip = 1,

    /// <summary>Zstandard.</summary>
    Zstd = 2,

    /// <summary>xz: in what ADD unpacks, not in layers.</summary>
    Xz = 3,

    /// <summary>bzip2: in what ADD unpacks, not in layers.</summary>
    Bzip2 = 4,
}
