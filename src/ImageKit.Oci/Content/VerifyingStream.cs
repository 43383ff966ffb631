using System.Security.Cryptography;

namespace ImageKit.Oci;

/// <summary>Hands out a blob's last bytes only once its size and digest are proven, however the caller reads. Owns the stream below.</summary>
public sealed class VerifyingStream : ReadOnlyStream
{
    private readonly Stream _inner;
    private readonly IncrementalHash _hash;
    private long _left;
    private bool _verified;

    /// <summary>Watches over <paramref name="inner"/>, which starts at the blob's first byte and ends with it.</summary>
    /// <exception cref="ContentException">The descriptor's digest is of an algorithm that cannot be verified (IK1104), or its size is negative (IK1102).</exception>
    public VerifyingStream(Stream inner, Descriptor expected)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(expected);
        if (expected.Size < 0) throw ContentFaults.NegativeSize(expected);
        (_inner, Expected, _left) = (inner, expected, expected.Size);
        _hash = ContentHash.For(expected.Digest);
    }

    /// <summary>What the bytes have to be.</summary>
    public Descriptor Expected { get; }

    /// <inheritdoc/>
    public override long Length => Expected.Size;

    /// <summary>Told how many bytes were read so far, after each read.</summary>
    internal Action<long>? Moved { get; set; }

    // A store that reads this stream from its first byte need not hash it again.
    internal bool Untouched => _left == Expected.Size && !_verified;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = 0;
        if (_left > 0 && buffer.Length > 0)
        {
            read = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            Take(buffer[..read]);
        }
        if (_left == 0 && !_verified) Finish(_inner.ReadByte() >= 0);
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = 0;
        if (_left > 0 && buffer.Length > 0)
        {
            read = await _inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken).ConfigureAwait(false);
            Take(buffer.Span[..read]);
        }
        if (_left == 0 && !_verified) Finish(await _inner.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) != 0);
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) throw ContentFaults.TooShort(Expected, Expected.Size - _left);
        _hash.AppendData(bytes);
        _left -= bytes.Length;
        Moved?.Invoke(Expected.Size - _left);
    }

    private void Finish(bool more)
    {
        if (more) throw ContentFaults.TooLong(Expected);
        Digest actual = ContentHash.Finish(_hash);
        if (actual != Expected.Digest) throw ContentFaults.WrongDigest(Expected, actual);
        _verified = true;
    }
}
