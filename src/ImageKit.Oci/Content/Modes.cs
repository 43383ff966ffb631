namespace ImageKit.Oci;

/// <summary>Modes in C#, which has no octal numbers.</summary>
internal static class Modes
{
    /// <summary>0644.</summary>
    public const int File = 0b110_100_100;

    /// <summary>0755.</summary>
    public const int Directory = 0b111_101_101;
}
