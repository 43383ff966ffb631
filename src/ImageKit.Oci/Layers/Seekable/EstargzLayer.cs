using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>An eStargz layer where it lies: its table of contents and single files are read by ranges, proven by the digests that the manifest and the table give. The layer is not fetched.</summary>
internal sealed class EstargzLayer : ContentOrigin
{
    private const long MaxTableBytes = 256L << 20;

    private readonly IContentSource _source;
    private readonly Descriptor _layer;
    private readonly Dictionary<string, List<EstargzEntry>> _chunks = new(StringComparer.Ordinal);

    private EstargzLayer(IContentSource source, Descriptor layer, EstargzToc toc, long end)
    {
        (_source, _layer) = (source, layer);
        Items = [.. toc.Entries.Where(entry => entry.Type != "chunk" && LayerPath.Normalize(entry.Name) is not (EstargzToc.FileName or EstargzToc.Landmark or EstargzToc.PrefetchLandmark))
            .Select(entry => new LayerItem(ToEntry(entry, layer), this))];
        long[] offsets = [.. toc.Entries.Select(entry => entry.Offset).Append(end).Distinct().Order()];
        Ends = offsets.Zip(offsets.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (EstargzEntry entry in toc.Entries.Where(entry => entry.Type is "reg" or "chunk"))
        {
            string path = LayerPath.Normalize(entry.Name);
            if (entry.Type == "reg") _chunks[path] = [];
            if (_chunks.TryGetValue(path, out List<EstargzEntry>? chunks)) chunks.Add(entry);
        }
    }

    /// <summary>The entries, as of a tar.</summary>
    public ImmutableArray<LayerItem> Items { get; }

    private Dictionary<long, long> Ends { get; }

    /// <summary>Whether a manifest says that a layer is eStargz.</summary>
    public static bool Is(Descriptor layer) => layer.Annotations?.ContainsKey(EstargzToc.DigestAnnotation) == true;

    /// <summary>Reads the table of contents.</summary>
    /// <exception cref="ContentException">The layer has no such table, or another than its manifest promises (IK1215).</exception>
    public static async Task<EstargzLayer> OpenAsync(IContentSource source, Descriptor layer, CancellationToken cancel)
    {
        byte[] footer = await ReadAsync(source, layer, layer.Size - EstargzFooter.Length, EstargzFooter.Length, cancel).ConfigureAwait(false);
        long end = layer.Size - EstargzFooter.Length;
        if (EstargzFooter.Read(footer) is not { } offset || offset < 0 || offset >= end) throw Broken(layer, "Its last bytes do not say where its table of contents is.");
        Stream range = await source.OpenRangeAsync(layer, offset, end - offset, cancel).ConfigureAwait(false);
        TarReader reader = new(Compression.OpenDecompressor(range, CompressionFormat.Gzip));
        await using (reader.ConfigureAwait(false))
        {
            if (await reader.ReadAsync(cancel).ConfigureAwait(false) is not { Name: EstargzToc.FileName, Size: <= MaxTableBytes } entry) throw Broken(layer, "Its table of contents is not where its last bytes say.");
            byte[] json = new byte[entry.Size];
            await reader.Content.ReadExactlyAsync(json, cancel).ConfigureAwait(false);
            if (Digest.Of(json).ToString() != layer.Annotations![EstargzToc.DigestAnnotation]) throw Broken(layer, "Its table of contents is another than the manifest promises.");
            return new(source, layer, Parse(json, layer), offset);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel)
    {
        var content = new MemoryStream();
        foreach (EstargzEntry chunk in _chunks.GetValueOrDefault(entry.Path) ?? [])
        {
            long size = chunk.ChunkSize > 0 ? chunk.ChunkSize : entry.Size - chunk.ChunkOffset;
            if (size == 0) continue;
            if (size is < 0 or > int.MaxValue || content.Length != chunk.ChunkOffset) throw Broken(_layer, $"The parts of '{entry.Path}' do not fit together.");
            byte[] bytes = await ReadChunkAsync(chunk, size, cancel).ConfigureAwait(false);
            if (Digest.Of(bytes).ToString() != (chunk.ChunkDigest ?? chunk.Digest)) throw Broken(_layer, $"'{entry.Path}' has other bytes than the table of contents promises.");
            content.Write(bytes);
        }
        if (content.Length != entry.Size) throw Broken(_layer, $"The parts of '{entry.Path}' do not fit together.");
        content.Position = 0;
        return content;
    }

    private async Task<byte[]> ReadChunkAsync(EstargzEntry chunk, long size, CancellationToken cancel)
    {
        if (!Ends.TryGetValue(chunk.Offset, out long end)) throw Broken(_layer, $"'{chunk.Name}' lies behind its end.");
        Stream range = await _source.OpenRangeAsync(_layer, chunk.Offset, end - chunk.Offset, cancel).ConfigureAwait(false);
        Stream plain = Compression.OpenDecompressor(range, CompressionFormat.Gzip);
        await using (plain.ConfigureAwait(false))
        {
            await BlobCopy.SkipAsync(plain, chunk.InnerOffset, cancel).ConfigureAwait(false);
            using var bytes = new MemoryStream();
            await new LimitedStream(plain, size).CopyToAsync(bytes, cancel).ConfigureAwait(false); // never allocates what a table only claims
            return bytes.ToArray();
        }
    }

    private static async Task<byte[]> ReadAsync(IContentSource source, Descriptor layer, long from, int count, CancellationToken cancel)
    {
        if (from < 0) throw Broken(layer, "It is too short.");
        Stream range = await source.OpenRangeAsync(layer, from, count, cancel).ConfigureAwait(false);
        await using (range.ConfigureAwait(false))
        {
            byte[] bytes = new byte[count];
            await range.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
            return bytes;
        }
    }

    private static EstargzToc Parse(byte[] json, Descriptor layer)
    {
        try
        {
            return JsonSerializer.Deserialize(json, EstargzJson.Default.EstargzToc) is { Entries.IsDefault: false } toc ? toc : throw Broken(layer, "Its table of contents is empty.");
        }
        catch (JsonException e)
        {
            throw Broken(layer, $"Its table of contents is not well-formed: {e.Message}");
        }
    }

    private static TocEntry ToEntry(EstargzEntry entry, Descriptor layer) => new()
    {
        Path = LayerPath.Normalize(entry.Name),
        Kind = entry.Type switch
        {
            "dir" => EntryKind.Directory,
            "reg" => EntryKind.File,
            "symlink" => EntryKind.Symlink,
            "hardlink" => EntryKind.Hardlink,
            "char" => EntryKind.CharacterDevice,
            "block" => EntryKind.BlockDevice,
            "fifo" => EntryKind.Fifo,
            _ => throw Broken(layer, $"Its table of contents has an entry of the unknown type '{entry.Type}'."),
        },
        Mode = entry.Mode & 0xFFF,
        Uid = entry.Uid,
        Gid = entry.Gid,
        Size = entry.Type == "reg" ? entry.Size : 0,
        LinkTarget = entry.Type == "hardlink" ? LayerPath.Normalize(entry.LinkName ?? "") : entry.LinkName,
        DeviceMajor = entry.DevMajor,
        DeviceMinor = entry.DevMinor,
    };

    private static ContentException Broken(Descriptor layer, string why) => new("IK1215", $"The layer {layer.Digest} is no readable eStargz layer.", why,
        "Convert the image again, or pull it whole.");
}
