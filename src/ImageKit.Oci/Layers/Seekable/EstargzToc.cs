using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>The table of contents of an eStargz layer, its file `stargz.index.json`.</summary>
/// <seealso href="https://github.com/containerd/stargz-snapshotter/blob/v0.16.3/docs/estargz.md"/>
internal sealed record EstargzToc
{
    public const string FileName = "stargz.index.json", Landmark = ".no.prefetch.landmark", PrefetchLandmark = ".prefetch.landmark";

    /// <summary>The annotation of a layer that holds the SHA-256 of the table.</summary>
    public const string DigestAnnotation = "containerd.io/snapshot/stargz/toc.digest";

    /// <summary>The annotation of a layer that holds the bytes of its uncompressed tar.</summary>
    public const string SizeAnnotation = "io.containers.estargz.uncompressed-size";

    public int Version { get; init; } = 1;

    public ImmutableArray<EstargzEntry> Entries { get; init; } = [];
}

/// <summary>One entry, or a further chunk of a file.</summary>
internal sealed record EstargzEntry
{
    public string Name { get; init; } = "";

    /// <summary>dir, reg, symlink, hardlink, char, block, fifo or chunk.</summary>
    public string Type { get; init; } = "";

    public long Size { get; init; }

    public string? Modtime { get; init; }

    public string? LinkName { get; init; }

    public int Mode { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Where in the blob the gzip member with the chunk begins.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes of the member, decompressed, before the chunk.</summary>
    public long InnerOffset { get; init; }

    public uint DevMajor { get; init; }

    public uint DevMinor { get; init; }

    public ImmutableSortedDictionary<string, byte[]>? Xattrs { get; init; }

    public string? Digest { get; init; }

    public long ChunkOffset { get; init; }

    /// <summary>Bytes of the chunk; 0 for all that is left of the file.</summary>
    public long ChunkSize { get; init; }

    public string? ChunkDigest { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(EstargzToc))]
internal sealed partial class EstargzJson : JsonSerializerContext;
