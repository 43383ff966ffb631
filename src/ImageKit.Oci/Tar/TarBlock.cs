namespace ImageKit.Oci;

/// <summary>Where the fields of a header block are, and its sizes.</summary>
/// <seealso href="https://www.gnu.org/software/tar/manual/html_node/Standard.html"/>
internal static class TarBlock
{
    public const int Size = 512;

    public static readonly Range Name = ..100, Mode = 100..108, Uid = 108..116, Gid = 116..124, Length = 124..136, Mtime = 136..148,
        Checksum = 148..156, LinkName = 157..257, Magic = 257..265, UserName = 265..297, GroupName = 297..329,
        DeviceMajor = 329..337, DeviceMinor = 337..345, Prefix = 345..500;

    // GNU's own, where ustar has the prefix.
    public static readonly Range GnuSparse = 386..482, GnuRealSize = 483..495;
    public const int GnuIsExtended = 482, ExtensionIsExtended = 504;

    public const int Type = 156;

    /// <summary>What follows content up to the next block.</summary>
    public static int Padding(long size) => (int)(-size & (Size - 1));

    /// <summary>The sum of all bytes with the checksum's own field as spaces; old tars took bytes as signed.</summary>
    public static (int Unsigned, int Signed) Sum(ReadOnlySpan<byte> block)
    {
        int unsigned = 8 * ' ', negative = 0;
        for (int i = 0; i < Size; i++)
        {
            if (i is >= 148 and < 156) continue;
            unsigned += block[i];
            if (block[i] >= 0x80) negative++;
        }
        return (unsigned, unsigned - 256 * negative);
    }
}
