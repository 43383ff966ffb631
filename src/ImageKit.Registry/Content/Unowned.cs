using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>A stream that stays open when the one above it is closed: it is the caller's.</summary>
internal sealed class Unowned(Stream inner) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);
}
