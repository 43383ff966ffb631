namespace ImageKit.Oci;

/// <summary>The words of the decompressors' errors.</summary>
internal static class CompressionFaults
{
    public static ContentException Broken(string format, string why, Exception? inner = null) => new("IK1208", $"The {format} data is broken.", why,
        "Fetch or make the archive again.", inner);

    public static ContentException Truncated(string format) => Broken(format, "It ends too early.");
}
