using System.Security.Cryptography;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>An upload into a file, which outlives the server: after a restart its bytes are hashed again.</summary>
internal sealed class DiskUpload : IServedUpload, IProgress<long>
{
    private readonly DiskContent _content;
    private readonly string _repository, _path;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Digest _like; // whose algorithm is hashed on the way
    private IncrementalHash? _hash; // null: what is there has to be hashed in the end
    private long _length;
    private bool _ended;

    public DiskUpload(DiskContent content, string repository, string id, string path, string algorithm)
    {
        (_content, _repository, Id, _path) = (content, repository, id, path);
        _like = algorithm == "sha512" ? Digest.OfSha512(new byte[64]) : Digest.OfSha256(new byte[32]);
        _length = new FileInfo(path) is { Exists: true } file ? file.Length : 0;
        if (_length == 0) _hash = ContentHash.For(_like);
    }

    public string Id { get; }

    public long Length => Volatile.Read(ref _length);

    public async Task<bool> AppendAsync(Stream chunk, long? start, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_ended || (start is not null && start != _length)) return false;
            await WriteAsync(chunk, cancel).ConfigureAwait(false);
            return true;
        }
        catch (ServedRefusal)
        {
            End(); // the disk is full, and this is a part of what fills it
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
            if (_ended) return false;
            if (!digest.CanVerify || await HashAsync(digest, cancel).ConfigureAwait(false) != digest)
            {
                End();
                return false;
            }
            // Blocks for as long as the disk takes.
            await Task.Run(() => _content.Keep(_path, _repository, digest), cancel).ConfigureAwait(false);
            Forget();
            return true;
        }
        catch (ServedRefusal)
        {
            End();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task CancelAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        End();
        _turn.Release();
    }

    void IProgress<long>.Report(long value) => Volatile.Write(ref _length, value);

    private async Task WriteAsync(Stream chunk, CancellationToken cancel)
    {
        using IncomingFile file = Open();
        try
        {
            await file.AppendAsync(chunk, _hash, _content.Budget, this, cancel).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _length, file.Length);
        }
    }

    private async Task<Digest> HashAsync(Digest digest, CancellationToken cancel)
    {
        if (_hash is { } hash && _like.Algorithm == digest.Algorithm) return ContentHash.Finish(hash);
        using IncomingFile file = Open();
        return await file.HashAsync(digest, cancel).ConfigureAwait(false);
    }

    private IncomingFile Open()
    {
        try
        {
            return IncomingFile.Open(_path, _length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFiles.Refusal(e, _path);
        }
    }

    private void End()
    {
        if (_ended) return;
        if (DiskFiles.Delete(_path)) _content.Budget.Give(_length);
        Forget();
    }

    private void Forget()
    {
        _ended = true;
        _hash?.Dispose();
        _hash = null;
        _content.Forget(_path);
    }
}
