namespace ImageKit.Oci;

/// <summary>A manifest, index or config with the very bytes it was read from or will be written as.</summary>
/// <param name="Value">The parsed record.</param>
/// <param name="Bytes">The bytes; the digest is theirs.</param>
/// <param name="Descriptor">Points at the bytes.</param>
public sealed record Document<T>(T Value, ReadOnlyMemory<byte> Bytes, Descriptor Descriptor)
{
    /// <summary>Puts the bytes into a store.</summary>
    /// <inheritdoc cref="IContentStore.PutAsync(Descriptor, Stream, CancellationToken)" path="/exception"/>
    public async Task PutAsync(IContentStore store, CancellationToken cancel = default)
    {
        using var stream = new MemoryStream(Bytes.ToArray(), writable: false);
        await store.PutAsync(Descriptor, stream, cancel).ConfigureAwait(false);
    }
}
