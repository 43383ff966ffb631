using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>An upload into memory.</summary>
/// <param name="repository">Where the blob comes to lie.</param>
/// <param name="id">Names the upload.</param>
/// <param name="most">The most bytes that a blob may have.</param>
internal sealed class MemoryUpload(MemoryRepository repository, string id, int most) : IServedUpload
{
    private const int BufferBytes = 64 * 1024;

    private readonly MemoryStream _bytes = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    public string Id => id;

    public long Length => _bytes.Length;

    public async Task<bool> AppendAsync(Stream chunk, long? start, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (start is not null && start != _bytes.Length) return false;
            await CopyAsync(chunk, cancel).ConfigureAwait(false);
            return true;
        }
        catch (ServedRefusal)
        {
            repository.EndUpload(id); // it cannot come to an end
            _bytes.SetLength(0);
            _bytes.Capacity = 0;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<bool> CommitAsync(Digest digest, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            bool isTight = _bytes.Capacity - _bytes.Length < _bytes.Length / 4; // else the rest would be held for nothing
            ReadOnlyMemory<byte> bytes = isTight ? _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length) : _bytes.ToArray();
            if (!repository.EndUpload(id) || !digest.CanVerify || ContentHash.Of(bytes.Span, digest) != digest) return false;
            repository.PutBlob(digest, bytes);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task CancelAsync(CancellationToken cancel)
    {
        repository.EndUpload(id);
        return Task.CompletedTask;
    }

    private async Task CopyAsync(Stream chunk, CancellationToken cancel)
    {
        byte[] buffer = new byte[BufferBytes];
        while (await chunk.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int count)
        {
            if (_bytes.Length + count > most)
                throw new ServedRefusal(ServedAnswer.Error(413, "SIZE_INVALID", $"this registry keeps blobs in memory, of {most} bytes at most; one that is served from a folder takes larger ones"));
            Reserve(_bytes.Length + count);
            _bytes.Write(buffer, 0, count);
        }
    }

    // Doubling would end at half of what an array can hold.
    private void Reserve(long length)
    {
        if (length > _bytes.Capacity) _bytes.Capacity = (int)Math.Min(Math.Max(length, _bytes.Capacity * 2L), most);
    }
}
