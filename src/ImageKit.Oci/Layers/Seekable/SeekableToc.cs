using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace ImageKit.Oci;

/// <summary>The table of contents inside of a layer whose files can be read one by one; eStargz and zstd:chunked have the same.</summary>
internal sealed record SeekableToc
{
    public int Version { get; init; } = 1;

    public ImmutableArray<SeekableEntry> Entries { get; init; } = [];

    /// <summary>Of zstd:chunked: the SHA-256 of the compressed headers of the tar.</summary>
    public string? TarSplitDigest { get; init; }
}

/// <summary>One entry, or a further chunk of a file.</summary>
internal sealed record SeekableEntry
{
    /// <summary>The type of a chunk that holds nothing but zeros.</summary>
    public const string Zeros = "zeros";

    /// <summary>dir, reg, symlink, hardlink, char, block, fifo or chunk.</summary>
    public string Type { get; init; } = "";

    public string Name { get; init; } = "";

    public string? LinkName { get; init; }

    public int Mode { get; init; }

    public long Size { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    public string? Modtime { get; init; }

    public uint DevMajor { get; init; }

    public uint DevMinor { get; init; }

    public ImmutableSortedDictionary<string, byte[]>? Xattrs { get; init; }

    /// <summary>The SHA-256 of the file's bytes.</summary>
    public string? Digest { get; init; }

    /// <summary>Where in the blob the member or frame with the chunk begins.</summary>
    public long Offset { get; init; }

    /// <summary>Of zstd:chunked: where in the blob the file ends.</summary>
    public long EndOffset { get; init; }

    /// <summary>Of eStargz: bytes of the member, decompressed, before the chunk.</summary>
    public long InnerOffset { get; init; }

    /// <summary>Bytes of the chunk; 0 for all that is left of the file.</summary>
    public long ChunkSize { get; init; }

    public long ChunkOffset { get; init; }

    public string? ChunkDigest { get; init; }

    /// <summary>Of zstd:chunked: <see cref="Zeros"/>, or nothing.</summary>
    public string? ChunkType { get; init; }

    /// <summary>The word for a kind of entry.</summary>
    public static string TypeOf(EntryKind kind) => kind switch
    {
        EntryKind.Directory => "dir",
        EntryKind.Symlink => "symlink",
        EntryKind.Hardlink => "hardlink",
        EntryKind.CharacterDevice => "char",
        EntryKind.BlockDevice => "block",
        EntryKind.Fifo => "fifo",
        _ => "reg",
    };

    /// <summary>The kind of entry that a word means; null for none.</summary>
    public static EntryKind? KindOf(string type) => type switch
    {
        "dir" => EntryKind.Directory,
        "reg" => EntryKind.File,
        "symlink" => EntryKind.Symlink,
        "hardlink" => EntryKind.Hardlink,
        "char" => EntryKind.CharacterDevice,
        "block" => EntryKind.BlockDevice,
        "fifo" => EntryKind.Fifo,
        _ => null,
    };

    /// <summary>A time as these tables write it; null if it is before the year 1 or after 9999.</summary>
    public static string? TimeOf(long seconds, int nanoseconds)
    {
        if (seconds is < -62_135_596_800 or > 253_402_300_799) return null;
        string text = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return nanoseconds == 0 ? text + "Z" : $"{text}.{nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}Z";
    }

    /// <summary>Extended attributes as these tables hold them.</summary>
    public static ImmutableSortedDictionary<string, byte[]>? XattrsOf(ImmutableArray<Xattr> xattrs) => xattrs.IsEmpty ? null
        : ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, xattrs.Select(xattr => KeyValuePair.Create(xattr.Name, xattr.Value.ToArray())));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SeekableToc))]
internal sealed partial class SeekableJson : JsonSerializerContext;
