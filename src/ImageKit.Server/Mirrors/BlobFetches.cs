using System.Collections.Concurrent;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>The blobs that are being fetched: each once, however many ask for it.</summary>
internal sealed class BlobFetches(DiskContent cache) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Digest, (BlobFetch Fetch, Task Task)> _running = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();

    /// <summary>Opens a part of a blob, and begins to fetch it if nobody did.</summary>
    public async ValueTask<Stream?> OpenAsync(Descriptor blob, string repository, RegistryRepository source, (long From, long Length) part, CancellationToken cancel)
    {
        (long from, long length) = part;
        if (!cache.Budget.Fits(blob.Size)) return await PassOnAsync(blob, source, part, cancel).ConfigureAwait(false);
        while (true)
        {
            if (!TryJoin(blob, repository, source, out BlobFetch? fetch)) return await PassOnAsync(blob, source, part, cancel).ConfigureAwait(false);
            if (fetch is null && cache.FindAnywhere(blob.Digest) is { } kept)
            {
                cache.LinkBlob(repository, blob.Digest);
                return await kept.OpenAsync(from, length, cancel).ConfigureAwait(false);
            }
            if (fetch is null)
            {
                await Task.Delay(1, cancel).ConfigureAwait(false); // it ended just now, and is not off the list yet
                continue;
            }
            if (await WaitForFileAsync(fetch, from, cancel).ConfigureAwait(false) is { } file) return new GrowingStream(fetch, file, from, length);
        }
    }

    // False if there is no room for the blob; no fetch if it is in the cache, or about to be.
    private bool TryJoin(Descriptor blob, string repository, RegistryRepository source, out BlobFetch? fetch)
    {
        lock (_lock)
        {
            bool runs = _running.TryGetValue(blob.Digest, out var running);
            fetch = runs && running.Fetch.TryAdd(repository) ? running.Fetch : null;
            if (runs || cache.FindAnywhere(blob.Digest) is not null) return true;
            if (!BlobFetch.TryTakeRoom(blob, cache)) return false;
            fetch = Start(blob, repository, source);
            return true;
        }
    }

    // Not kept: each client has a transfer of its own.
    private static async Task<Stream> PassOnAsync(Descriptor blob, RegistryRepository source, (long From, long Length) part, CancellationToken cancel) => part == (0, blob.Size)
        ? await source.OpenAsync(blob, cancel).ConfigureAwait(false)
        : new LimitedStream(await source.OpenFromAsync(blob, part.From, cancel).ConfigureAwait(false), part.Length);

    /// <summary>Stops what runs; what came of it stays for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values.Select(running => running.Task)).ConfigureAwait(false);
        _stop.Dispose();
    }

    private BlobFetch Start(Descriptor blob, string repository, RegistryRepository source)
    {
        BlobFetch fetch = new(blob, source, cache);
        fetch.TryAdd(repository);
        Task task = Task.Run(async () =>
        {
            await fetch.RunAsync(_stop.Token).ConfigureAwait(false);
            _running.TryRemove(blob.Digest, out _);
        });
        _running[blob.Digest] = (fetch, task);
        return fetch;
    }

    // The first byte asked for decides: what fails before it can still be told by a status.
    private static async Task<Microsoft.Win32.SafeHandles.SafeFileHandle?> WaitForFileAsync(BlobFetch fetch, long from, CancellationToken cancel)
    {
        try
        {
            await fetch.WaitAsync(from, cancel).ConfigureAwait(false);
            if (File.Exists(fetch.File)) return File.OpenHandle(fetch.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await fetch.WaitAsync(long.MaxValue, cancel).ConfigureAwait(false); // thrown away, which this tells, or in its place already
            return null;
        }
        catch (FileNotFoundException)
        {
            return null; // it went away in between: that is looked at again
        }
        catch (IOException error) when (error.InnerException is ImageKitException or ServedRefusal)
        {
            throw error.InnerException;
        }
    }
}
