namespace ImageKit.Oci;

/// <summary>Where a <see cref="BlockPipeline"/> writes; the streams stay the caller's.</summary>
/// <param name="Plain">Takes the blocks as they are.</param>
/// <param name="Compressed">Takes them compressed by <paramref name="Codec"/>; as they are, if that is null.</param>
/// <param name="Codec">Compresses.</param>
/// <param name="Hash">Whether to make the SHA-256 of what goes in and of what comes out.</param>
/// <param name="Width">How many blocks are compressed at once; null for as many as there are cores.</param>
internal sealed record PipelineOutputs(Stream? Plain, Stream? Compressed, BlockCodec? Codec, bool Hash, int? Width = null);
