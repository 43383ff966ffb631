using System.Security.Cryptography;
using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>
/// Takes a blob's bytes, hashing them on the way to a temporary file of the store. <see cref="CommitAsync(CancellationToken)"/> makes the
/// blob visible, whole and on disk; disposing without it leaves nothing behind. Not for use by several threads at once.
/// </summary>
public sealed class BlobWriter : Stream
{
    private readonly LayoutStore _store;
    private readonly FileStream _file;
    private readonly IncrementalHash? _hash; // null where the reader's side has proven the bytes
    private long _size;
    private bool _done;

    internal BlobWriter(LayoutStore store, FileStream file, IncrementalHash? hash, long size = 0) => (_store, _file, _hash, _size) = (store, file, hash, size);

    /// <summary>Whether the file stays when the blob does not become whole, for another try.</summary>
    internal bool KeepsUnfinished { get; set; }

    /// <summary>Told how many bytes are written, after each piece.</summary>
    internal IProgress<long>? Moved { get; set; }

    /// <summary>Sees what is written asynchronously.</summary>
    internal LayerWatch? Watch { get; set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => !_done;

    /// <summary>Bytes written so far.</summary>
    public override long Length => _size;

    /// <summary>Bytes written so far; cannot be set.</summary>
    public override long Position { get => _size; set => throw new NotSupportedException(); }

    /// <summary>Makes the blob visible under the digest of what was written.</summary>
    /// <exception cref="ContentException">The disk is full (IK1002) or the file system refuses (IK1003).</exception>
    public async Task<WrittenBlob> CommitAsync(CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        Digest digest = ContentHash.Finish(_hash ?? throw new InvalidOperationException("This writer was told its digest."));
        await PublishAsync(digest, cancel).ConfigureAwait(false);
        return new(digest, _size);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        try
        {
            _file.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // mostly: the disk is full
        {
            throw StorageFaults.Of(e, _file.Name, "writing a blob");
        }
        Count(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_done, this);
        try
        {
            await _file.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // mostly: the disk is full
        {
            throw StorageFaults.Of(e, _file.Name, "writing a blob");
        }
        Count(buffer.Span);
        if (Watch is not null) await Watch.SeeAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Makes the blob visible if it is what was promised.</summary>
    internal async Task CommitAsync(Descriptor expected, CancellationToken cancel)
    {
        if (_size < expected.Size) throw ContentFaults.TooShort(expected, _size);
        if (_size > expected.Size) throw ContentFaults.TooLong(expected);
        if (_hash is not null && ContentHash.Finish(_hash) is var actual && actual != expected.Digest) throw ContentFaults.WrongDigest(expected, actual);
        await PublishAsync(expected.Digest, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_done)
        {
            _done = true;
            _hash?.Dispose();
            // Deleted before it is closed: while it is open, nobody else takes it for abandoned.
            if (!KeepsUnfinished || _size == 0) File.Delete(_file.Name);
            try
            {
                _file.Dispose();
            }
            catch (IOException)
            {
                // The disk is full and the buffer's rest found no place: nobody wants it any more.
            }
        }
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> written)
    {
        _hash?.AppendData(written);
        _size += written.Length;
        Moved?.Report(_size);
    }

    private async Task PublishAsync(Digest digest, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            await _file.FlushAsync(cancel).ConfigureAwait(false);
            await DiskSync.RunAsync(
                () =>
                {
                    Durable.Sync(_file.SafeFileHandle);
                    _file.Dispose();
                    _store.Publish(_file.Name, digest, _size);
                },
                cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // mostly: the disk is full
        {
            throw StorageFaults.Of(e, _store.Directory, "keeping a blob");
        }
        _done = true;
        _hash?.Dispose();
    }
}
