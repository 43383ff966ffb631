namespace ImageKit.Oci;

/// <summary>Where bytes lie in a tar.</summary>
internal readonly record struct ArchiveSpan(long Offset, long Length);
