using System.Buffers;
using System.Security.Cryptography;
using ImageKit.Oci;
using ImageKit.Posix;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Server;

/// <summary>A file that grows: one writer at a time, and readers of what is there already.</summary>
internal sealed class IncomingFile : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private const long SyncEvery = 32 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private long _length, _syncedTo;
    private Task _syncing = Task.CompletedTask;

    private IncomingFile(string path, SafeFileHandle file, long length) => (Path, _file, _length, _syncedTo) = (path, file, length, length);

    public string Path { get; }

    /// <summary>Bytes that are there.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>Opens the file as far as it is known to be good; makes it if it is not there.</summary>
    public static IncomingFile Open(string path, long? length = null)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return new(path, file, length ?? RandomAccess.GetLength(file));
    }

    /// <summary>Appends a stream. The next bytes are read while the last ones are written and hashed; after a failure what was written stays.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="hash">Told what is written; may be null.</param>
    /// <param name="budget">Asked before anything is written.</param>
    /// <param name="moved">Told the length after each step; may be null.</param>
    /// <param name="cancel">Stops the work.</param>
    public async Task AppendAsync(Stream source, IncrementalHash? hash, DiskBudget budget, IProgress<long>? moved, CancellationToken cancel)
    {
        byte[] current = ArrayPool<byte>.Shared.Rent(BufferBytes), other = ArrayPool<byte>.Shared.Rent(BufferBytes);
        Task<int> next = source.ReadAsync(current, cancel).AsTask();
        try
        {
            while (await next.ConfigureAwait(false) is > 0 and int count)
            {
                (current, other) = (other, current);
                next = source.ReadAsync(current, cancel).AsTask();
                Write(other.AsSpan(0, count), hash, budget);
                moved?.Report(_length);
                if (_length - _syncedTo >= SyncEvery && _syncing.IsCompleted) await SyncAlongsideAsync().ConfigureAwait(false);
            }
            await EndSyncAsync().ConfigureAwait(false);
        }
        finally
        {
            await _syncing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // It writes into a buffer that is given back. Not cancelled: the web server lets nobody read a body after that, and the rest of a
            // refused one is still to be drained; it ends a body that does not come by itself.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(other);
        }
    }

    /// <summary>The digest of what is there, in the algorithm of another.</summary>
    public async Task<Digest> HashAsync(Digest like, CancellationToken cancel)
    {
        using IncrementalHash hash = ContentHash.For(like);
        await FeedAsync(hash, cancel).ConfigureAwait(false);
        return ContentHash.Finish(hash);
    }

    /// <summary>Hashes what is there.</summary>
    public async Task FeedAsync(IncrementalHash hash, CancellationToken cancel)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        for (long at = 0; at < _length;)
        {
            int count = await RandomAccess.ReadAsync(_file, buffer.AsMemory(0, (int)Math.Min(buffer.Length, _length - at)), at, cancel).ConfigureAwait(false);
            if (count == 0) break;
            hash.AppendData(buffer, 0, count);
            at += count;
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Writes the bytes through to the disk.</summary>
    public void Sync() => Durable.Sync(_file);

    public void Dispose() => _file.Dispose(); // what still syncs holds the file for itself

    // The disk works while more comes; otherwise all of it would have to be waited for in the end.
    private async Task SyncAlongsideAsync()
    {
        await EndSyncAsync().ConfigureAwait(false);
        _syncedTo = _length;
        _syncing = Task.Run(Sync);
    }

    // A failure is told once by the system, to whoever syncs first: it must not get lost.
    private async Task EndSyncAsync()
    {
        try
        {
            await _syncing.ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw DiskFiles.Refusal(e, Path);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes, IncrementalHash? hash, DiskBudget budget)
    {
        budget.Take(bytes.Length);
        try
        {
            RandomAccess.Write(_file, bytes, _length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            budget.Give(bytes.Length);
            throw DiskFiles.Refusal(e, Path);
        }
        hash?.AppendData(bytes);
        Volatile.Write(ref _length, _length + bytes.Length);
    }
}
