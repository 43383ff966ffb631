using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>An upload into memory.</summary>
internal sealed class MemoryUpload(MemoryRepository repository, string id) : IServedUpload
{
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
            await chunk.CopyToAsync(_bytes, cancel).ConfigureAwait(false);
            return true;
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
            byte[] bytes = _bytes.ToArray();
            if (!repository.EndUpload(id) || !digest.CanVerify || ContentHash.Of(bytes, digest) != digest) return false;
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
}
