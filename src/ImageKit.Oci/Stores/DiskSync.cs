using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>
/// Waits for the disk without holding up others. A disk takes many writes at once in the time of one, so each waits on a thread of its own: the
/// pool's few threads are for the network. A directory's names are written once for all who ask meanwhile.
/// </summary>
internal sealed class DiskSync
{
    private readonly Lock _turn = new();
    private long _asked, _done;

    /// <summary>Runs what blocks for as long as the disk takes.</summary>
    public static Task RunAsync(Action work, CancellationToken cancel) => Task.Factory.StartNew(work, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Writes the names of a directory through to the disk: those that were in it before the call are there after it.</summary>
    public void Directory(string path)
    {
        long mine = Interlocked.Increment(ref _asked);
        lock (_turn)
        {
            if (_done >= mine) return; // whoever came before us began after our name was there
            long all = Interlocked.Read(ref _asked);
            Durable.SyncDirectory(path);
            _done = all;
        }
    }
}
