namespace ImageKit.Registry;

/// <summary>A blob in memory.</summary>
internal sealed class MemoryBlob(ReadOnlyMemory<byte> bytes) : ServedBlob(bytes.Length)
{
    public override ReadOnlyMemory<byte>? InMemory => bytes;

    public override ValueTask<Stream?> OpenAsync(long from, long length, CancellationToken cancel) => new(new MemoryStream(bytes.Slice((int)from, (int)length).ToArray(), writable: false));
}
