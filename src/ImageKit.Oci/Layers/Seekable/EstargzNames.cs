namespace ImageKit.Oci;

/// <summary>Names that the eStargz format gives.</summary>
/// <seealso href="https://github.com/containerd/stargz-snapshotter/blob/v0.16.3/docs/estargz.md"/>
internal static class EstargzNames
{
    public const string Toc = "stargz.index.json", Landmark = ".no.prefetch.landmark", PrefetchLandmark = ".prefetch.landmark";

    /// <summary>The annotation of a layer that holds the SHA-256 of the table.</summary>
    public const string DigestAnnotation = "containerd.io/snapshot/stargz/toc.digest";

    /// <summary>The annotation of a layer that holds the bytes of its uncompressed tar.</summary>
    public const string SizeAnnotation = "io.containers.estargz.uncompressed-size";

    /// <summary>Whether an entry of the tar belongs to the format, not to the layer's content.</summary>
    public static bool IsOurs(string path) => path is Toc or Landmark or PrefetchLandmark;
}
