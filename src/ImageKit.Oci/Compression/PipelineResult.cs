namespace ImageKit.Oci;

/// <summary>What went through a <see cref="BlockPipeline"/>; hashes are `default` where none were asked for.</summary>
/// <param name="Hash">SHA-256 of what went in.</param>
/// <param name="Length">Bytes that went in.</param>
/// <param name="CompressedHash">SHA-256 of what came out.</param>
/// <param name="CompressedLength">Bytes that came out.</param>
internal readonly record struct PipelineResult(Hash256 Hash, long Length, Hash256 CompressedHash, long CompressedLength);
