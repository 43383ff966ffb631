namespace ImageKit.Oci;

/// <summary>Where the forms of one layer lie on disk, whether or not they exist yet.</summary>
/// <param name="Directory">The layer's own directory.</param>
public sealed record LayerPaths(string Directory)
{
    /// <summary>The table of contents.</summary>
    public string Toc => Path.Combine(Directory, "toc");

    /// <summary>The uncompressed tar.</summary>
    public string Tar => Path.Combine(Directory, "tar");

    /// <summary>Which compressed blobs are known to be of this layer.</summary>
    public string Blobs => Path.Combine(Directory, "blobs.json");

    /// <summary>The unpacked directory of a dialect, such as `trusted` or `user`.</summary>
    public string Root(string dialect) => Path.Combine(Directory, "root-" + dialect);
}
