namespace ImageKit.Oci;

/// <summary>Opens eStargz layers: gzip, the table of contents is the last entry of the tar, the last 51 bytes say where.</summary>
internal static class EstargzLayer
{
    private const long MaxTableBytes = 256L << 20;

    /// <summary>Whether a manifest says that a layer is eStargz.</summary>
    public static bool Is(Descriptor layer) => layer.Annotations?.ContainsKey(EstargzNames.DigestAnnotation) == true;

    /// <summary>Reads the table of contents.</summary>
    /// <exception cref="ContentException">The layer has no such table, or another than its manifest promises (IK1215).</exception>
    public static async Task<SeekableLayer> OpenAsync(IContentSource source, Descriptor layer, CancellationToken cancel)
    {
        byte[] footer = await SeekableLayer.ReadAsync(source, layer, layer.Size - EstargzFooter.Length, EstargzFooter.Length, cancel).ConfigureAwait(false);
        long end = layer.Size - EstargzFooter.Length;
        if (EstargzFooter.Read(footer) is not { } offset || offset < 0 || offset >= end) throw SeekableLayer.Broken(layer, "Its last bytes do not say where its table of contents is.");
        Stream range = await source.OpenRangeAsync(layer, offset, end - offset, cancel).ConfigureAwait(false);
        TarReader reader = new(Compression.OpenDecompressor(range, CompressionFormat.Gzip));
        await using (reader.ConfigureAwait(false))
        {
            if (await reader.ReadAsync(cancel).ConfigureAwait(false) is not { Name: EstargzNames.Toc, Size: <= MaxTableBytes } entry) throw SeekableLayer.Broken(layer, "Its table of contents is not where its last bytes say.");
            byte[] json = new byte[entry.Size];
            await reader.Content.ReadExactlyAsync(json, cancel).ConfigureAwait(false);
            if (Digest.Of(json).ToString() != layer.Annotations![EstargzNames.DigestAnnotation]) throw SeekableLayer.Broken(layer, "Its table of contents is another than the manifest promises.");
            return new(source, layer, CompressionFormat.Gzip, SeekableLayer.Parse(json, layer), offset);
        }
    }
}
