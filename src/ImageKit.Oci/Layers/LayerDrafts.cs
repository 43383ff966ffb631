namespace ImageKit.Oci;

/// <summary>Files of a layer that are being written; dropped when this is disposed, unless they were published or handed on.</summary>
internal sealed class LayerDrafts : IDisposable
{
    /// <summary>The uncompressed tar, if one is written.</summary>
    public FileStream? Tar { get; set; }

    /// <summary>The blob, if one is written.</summary>
    public BlobWriter? Blob { get; set; }

    /// <summary>Hands both on; this then holds nothing.</summary>
    public LayerDrafts Take()
    {
        var taken = new LayerDrafts { Tar = Tar, Blob = Blob };
        (Tar, Blob) = (null, null);
        return taken;
    }

    public void Dispose()
    {
        if (Tar is not null) LayerFiles.Drop(Tar);
        Blob?.Dispose();
    }
}
