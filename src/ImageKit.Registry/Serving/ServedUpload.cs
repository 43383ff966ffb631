namespace ImageKit.Registry;

/// <summary>An upload that goes on.</summary>
internal sealed class ServedUpload
{
    private readonly MemoryStream _bytes = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Bytes received so far.</summary>
    public long Length => _bytes.Length;

    /// <summary>Adds a chunk. What came before the connection broke stays: the client asks how far it got.</summary>
    /// <returns>False if it does not start where the last one ended.</returns>
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

    public byte[] ToArray() => _bytes.ToArray();
}
