using System.Text.Json;
using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>Reads `index.json`, and changes it under the operating system's lock.</summary>
internal sealed class LayoutIndex(LayoutFiles files) : IDisposable
{
    private const int MaxBytes = 64 * 1024 * 1024; // our own file and its foreign kin: a list of names
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1); // threads of this process queue here instead of polling the lock

    public async Task<IndexManifest> ReadAsync(CancellationToken cancel)
    {
        byte[] bytes;
        try
        {
            if (!File.Exists(files.IndexPath)) return new() { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = [] };
            if (new FileInfo(files.IndexPath).Length > MaxBytes) throw Unreadable("It is larger than 64 MiB.");
            bytes = await File.ReadAllBytesAsync(files.IndexPath, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // another user's file, a broken disk
        {
            throw StorageFaults.Of(e, files.IndexPath, "reading the list of images");
        }
        try
        {
            return Documents.ParseLayoutIndex(bytes);
        }
        catch (JsonException e) // cut short by another tool, or not an index
        {
            throw Unreadable(e.Message, e);
        }
    }

    /// <summary>Replaces the index by what <paramref name="change"/> makes of it.</summary>
    /// <returns>Whether anything changed.</returns>
    public async Task<bool> ChangeAsync(Func<IndexManifest, IndexManifest> change, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            using FileLock held = await LockAsync(cancel).ConfigureAwait(false);
            IndexManifest before = await ReadAsync(cancel).ConfigureAwait(false);
            IndexManifest after = change(before);
            if (ReferenceEquals(before, after)) return false;
            files.WriteWhole(files.IndexPath, JsonSerializer.SerializeToUtf8Bytes(after, OciJson.Wire.IndexManifest));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // mostly: the disk is full
        {
            throw StorageFaults.Of(e, files.IndexPath, "writing the list of images");
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<FileLock> LockAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.LockPath)!);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        wait.CancelAfter(LongestWait);
        try
        {
            return await FileLock.AcquireAsync(files.LockPath, shared: false, wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested) // our time limit, not the caller's wish
        {
            throw new ContentException("IK1004", $"The list of images in '{files.Root}' stays locked.", $"Another process has held '{files.LockPath}' for {LongestWait.TotalSeconds} s.",
                "End the process that hangs; the lock goes with it.", e);
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancel); // the caller's token, not ours
        }
    }

    private ContentException Unreadable(string why, Exception? inner = null) => new("IK1005", $"'{files.IndexPath}' is no well-formed image index.", why,
        "Restore it, or begin a new layout in another directory.", inner);
}
