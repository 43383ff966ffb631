using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>
/// A layer where it lies, whose table of contents and single files are read by ranges, proven by the digests that the manifest and the table
/// give. The layer is not fetched. eStargz and zstd:chunked differ in the compression and in where the table is.
/// </summary>
internal sealed class SeekableLayer : ContentOrigin
{
    private readonly IContentSource _source;
    private readonly Descriptor _layer;
    private readonly CompressionFormat _format;
    private readonly Dictionary<string, List<SeekableEntry>> _chunks = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _ends; // where in the blob a chunk's bytes end at the latest, by where they begin

    public SeekableLayer(IContentSource source, Descriptor layer, CompressionFormat format, SeekableToc toc, long end)
    {
        (_source, _layer, _format) = (source, layer, format);
        Items = [.. toc.Entries.Where(entry => entry.Type != "chunk" && !EstargzNames.IsOurs(LayerPath.Normalize(entry.Name))).Select(entry => new LayerItem(ToEntry(entry, layer), this))];
        long[] offsets = [.. toc.Entries.Select(entry => entry.Offset).Concat(toc.Entries.Select(entry => entry.EndOffset)).Where(offset => offset >= 0 && offset < end).Append(end).Distinct().Order()];
        _ends = offsets.Zip(offsets.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (SeekableEntry entry in toc.Entries.Where(entry => entry.Type is "reg" or "chunk"))
        {
            string path = LayerPath.Normalize(entry.Name);
            if (entry.Type == "reg") _chunks[path] = [];
            if (_chunks.TryGetValue(path, out List<SeekableEntry>? chunks)) chunks.Add(entry);
        }
    }

    /// <summary>The entries, as of a tar.</summary>
    public ImmutableArray<LayerItem> Items { get; }

    /// <summary>Whether a manifest says that single files of a layer can be read.</summary>
    public static bool Is(Descriptor layer) => EstargzLayer.Is(layer) || ZstdChunkedLayer.Is(layer);

    /// <summary>Reads the table of contents, in whichever form the manifest promises it.</summary>
    /// <exception cref="ContentException">The layer has no such table, or another than its manifest promises (IK1215).</exception>
    public static Task<SeekableLayer> OpenAsync(IContentSource source, Descriptor layer, CancellationToken cancel) =>
        ZstdChunkedLayer.Is(layer) ? ZstdChunkedLayer.OpenAsync(source, layer, cancel) : EstargzLayer.OpenAsync(source, layer, cancel);

    /// <inheritdoc/>
    public override async ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel)
    {
        var content = new MemoryStream();
        foreach (SeekableEntry chunk in _chunks.GetValueOrDefault(entry.Path) ?? [])
        {
            long size = chunk.ChunkSize > 0 ? chunk.ChunkSize : entry.Size - chunk.ChunkOffset;
            if (size == 0) continue;
            if (size is < 0 || content.Length + size > Array.MaxLength || content.Length != chunk.ChunkOffset || content.Length + size > entry.Size) throw Broken(_layer, $"The parts of '{entry.Path}' do not fit together.");
            if (chunk.ChunkType == SeekableEntry.Zeros)
            {
                content.SetLength(content.Position += size);
                continue;
            }
            byte[] bytes = await ReadChunkAsync(chunk, size, cancel).ConfigureAwait(false);
            if (Digest.Of(bytes).ToString() != (chunk.ChunkDigest ?? chunk.Digest)) throw Broken(_layer, $"'{entry.Path}' has other bytes than the table of contents promises.");
            content.Write(bytes);
        }
        if (content.Length != entry.Size) throw Broken(_layer, $"The parts of '{entry.Path}' do not fit together.");
        content.Position = 0;
        return content;
    }

    /// <summary>Reads so many bytes of the blob.</summary>
    public static async Task<byte[]> ReadAsync(IContentSource source, Descriptor layer, long from, int count, CancellationToken cancel)
    {
        if (from < 0 || count < 0 || from + count > layer.Size) throw Broken(layer, "It is too short.");
        Stream range = await source.OpenRangeAsync(layer, from, count, cancel).ConfigureAwait(false);
        await using (range.ConfigureAwait(false))
        {
            byte[] bytes = new byte[count];
            await range.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
            return bytes;
        }
    }

    public static SeekableToc Parse(ReadOnlySpan<byte> json, Descriptor layer)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SeekableJson.Default.SeekableToc) is { Entries.IsDefault: false } toc ? toc : throw Broken(layer, "Its table of contents is empty.");
        }
        catch (JsonException e)
        {
            throw Broken(layer, $"Its table of contents is not well-formed: {e.Message}");
        }
    }

    public static ContentException Broken(Descriptor layer, string why) => new("IK1215", $"Single files of the layer {layer.Digest} cannot be read.", why,
        "Convert the image again, or pull it whole.");

    private async Task<byte[]> ReadChunkAsync(SeekableEntry chunk, long size, CancellationToken cancel)
    {
        if (!_ends.TryGetValue(chunk.Offset, out long end)) throw Broken(_layer, $"'{chunk.Name}' lies behind its end.");
        Stream range = await _source.OpenRangeAsync(_layer, chunk.Offset, end - chunk.Offset, cancel).ConfigureAwait(false);
        Stream plain = Compression.OpenDecompressor(range, _format);
        await using (plain.ConfigureAwait(false))
        {
            await BlobCopy.SkipAsync(plain, chunk.InnerOffset, cancel).ConfigureAwait(false);
            using var bytes = new MemoryStream();
            await new LimitedStream(plain, size).CopyToAsync(bytes, cancel).ConfigureAwait(false); // never allocates what a table only claims
            return bytes.ToArray();
        }
    }

    private static TocEntry ToEntry(SeekableEntry entry, Descriptor layer) => new()
    {
        Path = LayerPath.Normalize(entry.Name),
        Kind = SeekableEntry.KindOf(entry.Type) ?? throw Broken(layer, $"Its table of contents has an entry of the unknown type '{entry.Type}'."),
        Mode = entry.Mode & 0xFFF,
        Uid = entry.Uid,
        Gid = entry.Gid,
        Size = entry.Type == "reg" ? entry.Size : 0,
        ContentHash = entry.Type == "reg" && Digest.TryParse(entry.Digest, out Digest digest) && digest.Algorithm == "sha256" ? new Hash256(Convert.FromHexString(digest.Encoded)) : default,
        LinkTarget = entry.Type == "hardlink" ? LayerPath.Normalize(entry.LinkName ?? "") : entry.LinkName,
        DeviceMajor = entry.DevMajor,
        DeviceMinor = entry.DevMinor,
    };
}
