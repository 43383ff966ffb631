namespace ImageKit.Oci;

/// <summary>A stream of somebody else's, which stays open when this is closed.</summary>
internal sealed class KeptOpenStream(Stream inner) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);
}
