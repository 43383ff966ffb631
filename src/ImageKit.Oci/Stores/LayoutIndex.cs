using System.Text.Json;

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
            using FileStream held = await LockAsync(cancel).ConfigureAwait(false);
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

    private async Task<FileStream> LockAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.LockPath)!);
        long start = Environment.TickCount64;
        for (int wait = 1; ; wait = Math.Min(wait * 2, 50))
        {
            try
            {
                return new(files.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeld(e) && Environment.TickCount64 - start < LongestWait.TotalMilliseconds)
            {
                await Task.Delay(wait, cancel).ConfigureAwait(false); // another process is writing: that takes milliseconds
            }
            catch (IOException e) when (IsHeld(e))
            {
                throw new ContentException("IK1004", $"The list of images in '{files.Root}' stays locked.", $"Another process has held '{files.LockPath}' for {LongestWait.TotalSeconds} s.",
                    "End the process that hangs; the lock goes with it.", e);
            }
        }
    }

    // EWOULDBLOCK on Linux and macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) == 32 : e.HResult is 11 or 35;

    private ContentException Unreadable(string why, Exception? inner = null) => new("IK1005", $"'{files.IndexPath}' is no well-formed image index.", why,
        "Restore it, or begin a new layout in another directory.", inner);
}
