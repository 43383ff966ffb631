using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace ImageKit.Oci;

/// <summary>Makes the forms of layers from files and from each other, and puts them in their places.</summary>
internal sealed class LayerForms(LayoutStore images, LayerFiles files)
{
    public async ValueTask<Descriptor?> FindBlobAsync(Digest diffId, LayerCompression? compression, CancellationToken cancel)
    {
        foreach (LayerBlob blob in LayerBlobs.Parse(LayerFiles.Read(files.Of(diffId).Blobs)).Blobs)
        {
            if (compression is not null && blob.Compression != compression) continue;
            Descriptor descriptor = blob.ToDescriptor();
            if (await images.ContainsAsync(descriptor, cancel).ConfigureAwait(false)) return descriptor;
        }
        return null;
    }

    /// <summary>Notes a blob. Of two processes that do so at once one may be forgotten: it is then found missing and made again.</summary>
    public void Record(Digest diffId, LayerBlob blob)
    {
        string path = files.Of(diffId).Blobs;
        LayerBlobs known = LayerBlobs.Parse(LayerFiles.Read(path)), more = known.With(blob);
        if (!ReferenceEquals(known, more)) files.Write(path, more.ToJson());
    }

    /// <summary>Keeps the table of contents, and the tar if there is one.</summary>
    public void Keep(Layer layer, FileStream? tar)
    {
        LayerPaths paths = files.Of(layer.DiffId);
        if (tar is not null) files.Publish(tar, paths.Tar, sync: true);
        files.Write(paths.Toc, TocFormat.Write(layer.Toc));
    }

    /// <summary>Writes a new layer's forms as drafts.</summary>
    public async Task<PendingLayer> WriteAsync(LayerStore store, IEnumerable<LayerItem> items, LayerWriteOptions options, CancellationToken cancel)
    {
        using var drafts = new LayerDrafts();
        if (options.KeepTar) drafts.Tar = files.BeginDraft();
        if (options.Compression is not null) drafts.Blob = images.BeginHashedBlob();
        BlockCodec? codec = options.Compression is { } asked ? BlockCodec.For(asked) : null;
        var pipeline = new BlockPipeline(new(drafts.Tar, drafts.Blob, codec, Hash: true));
        await using ConfiguredAsyncDisposable pipelineDone = pipeline.ConfigureAwait(false);
        using var writer = new LayerWriter(pipeline);
        ImmutableArray<TocEntry> entries = await writer.WriteAsync(items, cancel).ConfigureAwait(false);
        PipelineResult result = await pipeline.CompleteAsync(cancel).ConfigureAwait(false);
        Digest diffId = result.Hash.ToDigest();
        LayerBlob? record = options.Compression is { } made ? LayerBlob.Of(made, result, codec) : null;
        return new(store, new(diffId, new(diffId, result.Length, entries)), drafts.Take(), record);
    }

    /// <summary>Makes the table of contents, and the tar if asked, from the blob; what is promised of both is verified before anything is kept.</summary>
    public async Task<Layer> ImportAsync(Descriptor blob, Digest diffId, IContentSource source, bool keepTar, CancellationToken cancel)
    {
        bool here = await images.ContainsAsync(blob, cancel).ConfigureAwait(false);
        using var drafts = new LayerDrafts();
        Stream content = await (here ? images : source).OpenAsync(blob, cancel).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable contentDone = content.ConfigureAwait(false);
        if (!here) drafts.Blob = images.BeginHashedBlob();
        if (keepTar) drafts.Tar = files.BeginDraft();
        (Stream plain, _) = await Compression.OpenAsync(drafts.Blob is { } copy ? new TeeStream(content, copy) : content, cancel).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable plainDone = plain.ConfigureAwait(false);
        TableOfContents toc = await LayerImport.ReadAsync(plain, drafts.Tar, cancel).ConfigureAwait(false);
        if (toc.DiffId != diffId) throw LayerFaults.WrongContent(diffId, toc.DiffId);
        if (drafts.Blob is { } fetched) await fetched.CommitAsync(blob, cancel).ConfigureAwait(false);
        if (SeekableLayer.Is(blob)) await SeekableCheck.AgreeAsync(images, blob, toc, cancel).ConfigureAwait(false);
        var layer = new Layer(diffId, toc);
        Keep(layer, drafts.Tar);
        Record(diffId, new(blob.MediaType, blob.Digest, blob.Size, null));
        return layer;
    }

    /// <summary>Takes in a tar. A blob is kept if it is compressed as layers are; of any other tar the uncompressed form.</summary>
    public async Task<(Layer Layer, Descriptor? Blob)> AddAsync(Stream tar, CancellationToken cancel)
    {
        using var drafts = new LayerDrafts();
        var start = new byte[Compression.MagicLength];
        int length = await tar.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        CompressionFormat format = Compression.Detect(start.AsSpan(0, length));
        string? mediaType = format switch { CompressionFormat.Gzip => MediaTypes.LayerGzip, CompressionFormat.Zstd => MediaTypes.LayerZstd, _ => null };
        Stream content = new PrefixedStream(start.AsMemory(0, length), tar);
        if (mediaType is null) drafts.Tar = files.BeginDraft();
        else content = new TeeStream(content, drafts.Blob = images.BeginBlob());
        Stream plain = Compression.OpenDecompressor(content, format);
        await using ConfiguredAsyncDisposable plainDone = plain.ConfigureAwait(false);
        TableOfContents toc = await LayerImport.ReadAsync(plain, drafts.Tar, cancel).ConfigureAwait(false);
        var layer = new Layer(toc.DiffId, toc);
        if (drafts.Blob is not { } blob)
        {
            Keep(layer, drafts.Tar);
            return (layer, null);
        }
        WrittenBlob written = await blob.CommitAsync(cancel).ConfigureAwait(false);
        Keep(layer, null);
        Record(toc.DiffId, new(mediaType!, written.Digest, written.Size, null));
        return (layer, new() { MediaType = mediaType!, Digest = written.Digest, Size = written.Size });
    }

    /// <summary>The uncompressed tar: as it lies on disk, else out of a blob.</summary>
    public async Task<Stream> OpenPlainAsync(Layer layer, CancellationToken cancel)
    {
        if (LayerFiles.OpenTar(files.Of(layer.DiffId).Tar, layer.Toc.TarSize) is { } tar) return tar;
        Descriptor blob = await FindBlobAsync(layer.DiffId, null, cancel).ConfigureAwait(false) ?? throw LayerFaults.Missing(layer.DiffId);
        return (await Compression.OpenAsync(await images.OpenAsync(blob, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false)).Content;
    }

    /// <summary>Makes a lost table of contents again from the tar, or from a blob; null if neither is whole.</summary>
    public async Task<Layer?> RemakeAsync(Digest diffId, CancellationToken cancel)
    {
        if (LayerFiles.OpenTar(files.Of(diffId).Tar) is { } tar)
        {
            await using ConfiguredAsyncDisposable tarDone = tar.ConfigureAwait(false);
            TableOfContents toc = await LayerImport.ReadAsync(tar, null, cancel).ConfigureAwait(false);
            var layer = new Layer(diffId, toc);
            if (toc.DiffId == diffId)
            {
                Keep(layer, null);
                return layer;
            }
        }
        return await FindBlobAsync(diffId, null, cancel).ConfigureAwait(false) is { } blob
            ? await ImportAsync(blob, diffId, images, keepTar: false, cancel).ConfigureAwait(false) : null;
    }

    /// <summary>Makes the tar from the blob.</summary>
    public async Task MakeTarAsync(Layer layer, CancellationToken cancel)
    {
        if (await FindBlobAsync(layer.DiffId, null, cancel).ConfigureAwait(false) is null) return;
        using var drafts = new LayerDrafts { Tar = files.BeginDraft() };
        await PumpAsync(layer, new(drafts.Tar, null, null, Hash: true), cancel).ConfigureAwait(false);
        files.Publish(drafts.Tar, files.Of(layer.DiffId).Tar, sync: true);
    }

    /// <summary>Makes a blob from the tar, or from another blob.</summary>
    public async Task<Descriptor> CompressAsync(Layer layer, LayerCompression compression, int? level, CancellationToken cancel)
    {
        using var drafts = new LayerDrafts { Blob = images.BeginHashedBlob() };
        BlockCodec? codec = BlockCodec.For(compression, level);
        PipelineResult result = await PumpAsync(layer, new(null, drafts.Blob, codec, Hash: true), cancel).ConfigureAwait(false);
        LayerBlob record = LayerBlob.Of(compression, result, codec);
        await drafts.Blob.CommitAsync(record.ToDescriptor(), cancel).ConfigureAwait(false);
        Record(layer.DiffId, record);
        return record.ToDescriptor();
    }

    // From the tar if it is there, else from a blob, to wherever the pipeline leads; the tar is verified on the way.
    private async Task<PipelineResult> PumpAsync(Layer layer, PipelineOutputs outputs, CancellationToken cancel)
    {
        Stream source = await OpenPlainAsync(layer, cancel).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable sourceDone = source.ConfigureAwait(false);
        var pipeline = new BlockPipeline(outputs);
        await using ConfiguredAsyncDisposable pipelineDone = pipeline.ConfigureAwait(false);
        while (true)
        {
            BlockPipeline.Block block = await pipeline.RentAsync(cancel).ConfigureAwait(false);
            block.Length = await source.ReadAtLeastAsync(block.Bytes.AsMemory(0, BlockCodec.BlockBytes), BlockCodec.BlockBytes, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
            if (block.Length == 0) break;
            pipeline.Post(block);
        }
        PipelineResult result = await pipeline.CompleteAsync(cancel).ConfigureAwait(false);
        return result.Hash.ToDigest() == layer.DiffId ? result : throw LayerFaults.WrongContent(layer.DiffId, result.Hash.ToDigest());
    }
}
