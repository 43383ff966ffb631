using System.Globalization;
using System.Text;

namespace ImageKit.Oci;

/// <summary>The last 51 bytes of an eStargz layer: an empty gzip member whose extra field says where the table of contents begins.</summary>
internal static class EstargzFooter
{
    public const int Length = 51;

    private static ReadOnlySpan<byte> Before => [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 26, 0, (byte)'S', (byte)'G', 22, 0];

    private static ReadOnlySpan<byte> After => [1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];

    public static byte[] Write(long tocOffset) => [.. Before, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tocOffset:x16}STARGZ")), .. After];

    /// <summary>Where the table begins; null if the bytes are no such footer.</summary>
    public static long? Read(ReadOnlySpan<byte> footer) => footer.Length == Length && footer[12..16].SequenceEqual(Before[12..]) && footer[32..38].SequenceEqual("STARGZ"u8)
        && long.TryParse(footer[16..32], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long offset) ? offset : null;
}
