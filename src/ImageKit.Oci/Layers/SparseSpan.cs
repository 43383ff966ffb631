namespace ImageKit.Oci;

/// <summary>Where bytes of a sparse file are; the rest of it is zeros.</summary>
/// <param name="Offset">In the file.</param>
/// <param name="Length">Bytes; they lie in the tar one span after the other.</param>
internal readonly record struct SparseSpan(long Offset, long Length);
