using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace ImageKit.Oci;

/// <summary>Makes layers of which single files can be read, of layers of a store. What was written is read back and proven.</summary>
/// <param name="store">The store.</param>
/// <param name="level">How hard they are compressed; null for the usual.</param>
internal sealed class SeekableWriting(LayerStore store, int? level)
{
    /// <summary>Makes an eStargz layer, which is another content: a table is added to it.</summary>
    public async Task<ImageLayer> EstargzAsync(Digest diffId, CancellationToken cancel)
    {
        Layer layer = await FindAsync(diffId, cancel).ConfigureAwait(false);
        using BlobWriter blob = store.Images.BeginBlob();
        using var writer = new EstargzWriter(blob, level);
        var origin = new LayerStreamOrigin(store, diffId);
        await using ConfiguredAsyncDisposable originDone = origin.ConfigureAwait(false);
        (Digest made, Digest toc) = await writer.WriteAsync(layer.Toc, origin, cancel).ConfigureAwait(false);
        WrittenBlob written = await blob.CommitAsync(cancel).ConfigureAwait(false);
        Descriptor descriptor = new()
        {
            MediaType = MediaTypes.LayerGzip,
            Digest = written.Digest,
            Size = written.Size,
            Annotations = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(EstargzNames.DigestAnnotation, toc.ToString())
                .Add(EstargzNames.SizeAnnotation, writer.TarSize.ToString(CultureInfo.InvariantCulture)),
        };
        await store.ImportAsync(descriptor, made, store.Images, cancel: cancel).ConfigureAwait(false);
        return new(descriptor, made);
    }

    /// <summary>Makes a zstd:chunked layer: the same tar, so the diffID stays.</summary>
    public async Task<ImageLayer> ZstdChunkedAsync(Digest diffId, CancellationToken cancel)
    {
        Layer layer = await FindAsync(diffId, cancel).ConfigureAwait(false);
        List<TarEntry> headers = await HeadersAsync(diffId, cancel).ConfigureAwait(false);
        using BlobWriter blob = store.Images.BeginBlob();
        using var writer = new ZstdChunkedWriter(blob, BlockCodec.For(LayerCompression.Zstd, level)!);
        Stream tar = await store.OpenPlainAsync(diffId, cancel).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable tarDone = tar.ConfigureAwait(false);
        (Digest made, ImmutableSortedDictionary<string, string> annotations) = await writer.WriteAsync(headers, tar, layer.Toc.TarSize, cancel).ConfigureAwait(false);
        if (made != diffId) throw LayerFaults.WrongContent(diffId, made);
        WrittenBlob written = await blob.CommitAsync(cancel).ConfigureAwait(false);
        Descriptor descriptor = new() { MediaType = MediaTypes.LayerZstd, Digest = written.Digest, Size = written.Size, Annotations = annotations };
        await SeekableCheck.AgreeAsync(store.Images, descriptor, layer.Toc, cancel).ConfigureAwait(false);
        await store.RecordBlobAsync(diffId, descriptor, cancel).ConfigureAwait(false);
        return new(descriptor, diffId);
    }

    private async Task<List<TarEntry>> HeadersAsync(Digest diffId, CancellationToken cancel)
    {
        List<TarEntry> headers = [];
        var reader = new TarReader(await store.OpenPlainAsync(diffId, cancel).ConfigureAwait(false));
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancel).ConfigureAwait(false) is { } entry) headers.Add(entry);
        }
        return headers;
    }

    private async Task<Layer> FindAsync(Digest diffId, CancellationToken cancel) => await store.FindAsync(diffId, cancel).ConfigureAwait(false) ?? throw LayerFaults.Missing(diffId);
}
