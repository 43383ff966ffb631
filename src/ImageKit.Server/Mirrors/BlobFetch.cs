using System.Security.Cryptography;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>
/// One blob on its way from an upstream to the cache, whoever reads along: readers come and go, the transfer goes on to its end. The last byte is
/// shown to nobody before the digest is proven. Room for all of it was taken before it begins.
/// </summary>
internal sealed class BlobFetch(Descriptor blob, RegistryRepository source, DiskContent cache) : IProgress<long>
{
    private readonly Lock _lock = new();
    private static readonly DiskBudget Free = new(null);

    private readonly HashSet<string> _repositories = new(StringComparer.Ordinal);
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _available;
    private bool _isOver, _isKept;
    private Exception? _failure;

    /// <summary>The file that grows.</summary>
    public string File { get; } = FileOf(blob, cache);

    /// <summary>Takes room for what is still to come of a blob.</summary>
    /// <returns>False if there is none: nothing was taken.</returns>
    public static bool TryTakeRoom(Descriptor blob, DiskContent cache) => cache.Budget.TryTake(Math.Max(0, blob.Size - LengthOf(FileOf(blob, cache))));

    /// <summary>Lets another repository have the blob too when it is here.</summary>
    /// <returns>False if it is too late for that.</returns>
    public bool TryAdd(string repository)
    {
        lock (_lock) return !_isOver && (_repositories.Add(repository) || true);
    }

    /// <summary>Waits until there is more than this; gives what there is.</summary>
    /// <exception cref="IOException">The transfer failed.</exception>
    public async ValueTask<long> WaitAsync(long more, CancellationToken cancel)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_available > more || (_isOver && _failure is null)) return _available;
                if (_failure is not null) throw new IOException($"The blob {blob.Digest} did not come through.", _failure);
                moved = _moved.Task;
            }
            await moved.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Fetches the blob; what came before a failure of the network stays for the next time.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        long held = Math.Max(blob.Size, LengthOf(File));
        try
        {
            await FetchAsync(cancel).ConfigureAwait(false);
            End(null);
        }
        catch (Exception error) when (error is ImageKitException or ServedRefusal or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            if (!_isKept) cache.Budget.Give(held - LengthOf(File)); // what came stays, and counts
            End(error);
        }
    }

    void IProgress<long>.Report(long value) => Show(Math.Min(value, blob.Size - 1));

    private async Task FetchAsync(CancellationToken cancel)
    {
        using IncrementalHash hash = ContentHash.For(blob.Digest);
        using (IncomingFile file = IncomingFile.Open(File))
        {
            try
            {
                if (file.Length > 0) await file.FeedAsync(hash, cancel).ConfigureAwait(false);
                Show(Math.Min(file.Length, blob.Size - 1));
                Stream content = await source.OpenFromAsync(blob, file.Length, cancel).ConfigureAwait(false);
                LimitedStream limited = new(content, Math.Max(0, blob.Size - file.Length) + 1); // one more than is right tells as much as all
                await using (limited.ConfigureAwait(false)) await file.AppendAsync(limited, hash, Free, this, cancel).ConfigureAwait(false);
                if (file.Length != blob.Size) throw file.Length < blob.Size ? ContentFaults.TooShort(blob, file.Length) : ContentFaults.TooLong(blob);
                if (ContentHash.Finish(hash) is var actual && actual != blob.Digest) throw ContentFaults.WrongDigest(blob, actual);
            }
            catch (Exception error) when (error is ContentException or ServedRefusal)
            {
                DiskFiles.Delete(File); // wrong bytes, or a disk that is full of them
                throw;
            }
        }
        Show(blob.Size);
        await Task.Run(Keep, CancellationToken.None).ConfigureAwait(false);
    }

    private void Keep()
    {
        string[] repositories;
        lock (_lock) repositories = [.. _repositories];
        cache.Keep(File, repositories[0], blob.Digest);
        _isKept = true;
        lock (_lock)
        {
            _isOver = true; // from here on, who comes finds it in the cache
            repositories = [.. _repositories];
        }
        foreach (string repository in repositories) cache.LinkBlob(repository, blob.Digest);
    }

    private static string FileOf(Descriptor blob, DiskContent cache) => Path.Combine(cache.Paths.Uploads, "fetch-" + DiskPaths.FileName(blob.Digest));

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } found ? found.Length : 0;

    private void Show(long available)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            if (available <= _available) return;
            (moved, _moved) = (_moved, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _available = available;
        }
        moved.SetResult();
    }

    private void End(Exception? failure)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            // All bytes were proven: what went wrong afterwards concerns the cache, not the readers.
            (_isOver, _failure) = (true, _available == blob.Size ? null : failure);
            moved = _moved;
        }
        moved.TrySetResult();
    }
}
