namespace ImageKit.Oci;

/// <summary>Which forms of a new layer are made in the one pass over its files. The table of contents always is.</summary>
public sealed record LayerWriteOptions
{
    /// <summary>Also makes the compressed blob, in the image store; null for no blob, which suits layers that may never be exported.</summary>
    public LayerCompression? Compression { get; init; }

    /// <summary>
    /// Keeps the uncompressed tar, which RUN and COPY --from need. True if <see cref="Compression"/> is null, as one of the two must be; else
    /// the tar is made from the blob when it is first asked for.
    /// </summary>
    public bool KeepTar { get => field || Compression is null; init; }
}
