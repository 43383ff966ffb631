namespace ImageKit.Registry;

/// <summary>An upload that a registry opened.</summary>
/// <param name="Url">Where it goes on, checked already. A secret: some registries sign it.</param>
/// <param name="Offset">Bytes that the registry has.</param>
/// <param name="LeastChunk">The smallest chunk that the registry takes, but for the last one.</param>
internal sealed record UploadSession(Uri Url, long Offset = 0, int LeastChunk = 0)
{
    public override string ToString() => $"(upload at {Offset})";
}
