namespace ImageKit.Oci;

/// <summary>Makes the file system keep what was written, through a loss of power.</summary>
internal static class Durable
{
    public static void Flush(FileStream file) => file.Flush(flushToDisk: true);

    public static void FlushDirectory(string path)
    {
    }
}
