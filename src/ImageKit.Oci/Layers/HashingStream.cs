using System.Security.Cryptography;

namespace ImageKit.Oci;

/// <summary>Hashes and counts what is read through it, and copies it on if asked.</summary>
internal sealed class HashingStream(Stream inner, Stream? copy) : AsyncReadStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes read so far.</summary>
    public long Count { get; private set; }

    /// <summary>The SHA-256 of all that was read.</summary>
    public byte[] Finish() => _hash.GetHashAndReset();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _hash.AppendData(buffer.Span[..read]);
        Count += read;
        if (copy is not null) await copy.WriteAsync(buffer[..read], cancellationToken).ConfigureAwait(false);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
