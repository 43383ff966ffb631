namespace ImageKit.Oci;

/// <summary>Opens zstd:chunked layers: the table of contents lies in a frame that readers of zstd skip, and the manifest's annotations say where.</summary>
internal static class ZstdChunkedLayer
{
    /// <summary>Whether a manifest says that a layer is zstd:chunked.</summary>
    public static bool Is(Descriptor layer) => ZstdChunkedPlace.IsNamed(layer);

    /// <summary>Reads the table of contents.</summary>
    /// <exception cref="ContentException">The layer has no such table, or another than its manifest promises (IK1215).</exception>
    public static async Task<SeekableLayer> OpenAsync(IContentSource source, Descriptor layer, CancellationToken cancel)
    {
        if (ZstdChunkedPlace.Read(layer) is not { } place) throw SeekableLayer.Broken(layer, "Its annotations do not say where its table of contents is.");
        byte[] compressed = await SeekableLayer.ReadAsync(source, layer, place.Offset, place.Length, cancel).ConfigureAwait(false);
        if (Digest.Of(compressed).ToString() != place.Checksum) throw SeekableLayer.Broken(layer, "Its table of contents is another than the manifest promises.");
        Stream plain = Compression.OpenDecompressor(new MemoryStream(compressed, writable: false), CompressionFormat.Zstd);
        await using (plain.ConfigureAwait(false))
        {
            byte[] json = new byte[place.PlainLength];
            int length = await plain.ReadAtLeastAsync(json, json.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            if (length < json.Length || await plain.ReadAsync(new byte[1], cancel).ConfigureAwait(false) > 0) throw SeekableLayer.Broken(layer, "Its table of contents has another size than the manifest promises.");
            return new(source, layer, CompressionFormat.Zstd, SeekableLayer.Parse(json, layer), place.Offset - ZstdFrames.SkippableHeaderBytes);
        }
    }
}
