using System.Globalization;

namespace ImageKit.Oci;

/// <summary>What the annotations of a zstd:chunked layer say, and how they are called. Tools of 2022 and before wrote them under a shorter prefix.</summary>
/// <param name="Checksum">The SHA-256 of the table of contents, compressed as it lies in the blob.</param>
/// <param name="Offset">Where in the blob it begins.</param>
/// <param name="Length">Its bytes there.</param>
/// <param name="PlainLength">Its bytes, decompressed.</param>
internal readonly record struct ZstdChunkedPlace(string Checksum, long Offset, int Length, int PlainLength)
{
    public const string Prefix = "io.github.containers.zstd-chunked.", OldPrefix = "io.containers.zstd-chunked.";
    public const string ChecksumName = "manifest-checksum", PositionName = "manifest-position", TarSplitName = "tarsplit-position";

    private const int MostBytes = 256 << 20;

    /// <summary>Whether a manifest says that a layer is zstd:chunked.</summary>
    public static bool IsNamed(Descriptor layer) => Find(layer, ChecksumName) is not null && Find(layer, PositionName) is not null;

    /// <summary>Reads the annotations; null if they make no sense.</summary>
    public static ZstdChunkedPlace? Read(Descriptor layer)
    {
        if (Find(layer, ChecksumName) is not { } checksum || Find(layer, PositionName)?.Split(':') is not [var at, var length, var plain, "1"]) return null;
        bool good = long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out long offset) & int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes)
            & int.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out int plainBytes);
        return good && bytes is > 0 and <= MostBytes && plainBytes is > 0 and <= MostBytes && offset > 8 && offset <= layer.Size - bytes ? new(checksum, offset, bytes, plainBytes) : null;
    }

    private static string? Find(Descriptor layer, string name) => layer.Annotations is not { } annotations ? null
        : annotations.GetValueOrDefault(Prefix + name) ?? annotations.GetValueOrDefault(OldPrefix + name);
}
