namespace ImageKit.Oci;

/// <summary>The bytes of one file, in memory: a heredoc, a generated file.</summary>
/// <param name="content">The bytes; not copied.</param>
public sealed class MemoryOrigin(ReadOnlyMemory<byte> content) : ContentOrigin
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Content => content;

    /// <inheritdoc/>
    public override ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel) =>
        new(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false));
}
