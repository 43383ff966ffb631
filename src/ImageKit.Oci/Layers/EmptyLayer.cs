namespace ImageKit.Oci;

/// <summary>The layer without any entry, which a command leaves that changed nothing: a tar of two empty blocks.</summary>
public static class EmptyLayer
{
    /// <summary>Bytes of its tar, all zero.</summary>
    public const int TarSize = 1024;

    /// <summary>Its diffID.</summary>
    public static Digest DiffId { get; } = Digest.Of(new byte[TarSize]);

    /// <summary>Its table of contents.</summary>
    public static TableOfContents Toc { get; } = new(DiffId, TarSize, []);
}
