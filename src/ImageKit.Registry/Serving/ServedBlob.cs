namespace ImageKit.Registry;

/// <summary>A blob that can be read.</summary>
/// <param name="size">Bytes.</param>
internal abstract class ServedBlob(long size)
{
    /// <summary>Bytes.</summary>
    public long Size => size;

    /// <summary>Opens a part that lies within the blob; null if the blob went away in between.</summary>
    /// <remarks>Reading may wait for bytes that are still on their way here.</remarks>
    public abstract ValueTask<Stream?> OpenAsync(long from, long length, CancellationToken cancel);

    /// <summary>For what a mirror has: `hit` or `miss`; else null.</summary>
    public virtual string? Origin => null;

    /// <summary>The bytes, where they lie in memory anyway.</summary>
    public virtual ReadOnlyMemory<byte>? InMemory => null;
}
