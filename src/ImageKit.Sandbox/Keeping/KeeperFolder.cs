using System.Collections.Concurrent;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>
/// A keeper's own folder, on the file system of the layers. A lock beside it, which the kernel frees when the keeper dies, tells the living from
/// the dead, whose folders the next keeper removes.
/// </summary>
internal sealed class KeeperFolder : IDisposable
{
    private const string LockSuffix = ".lock";
    private readonly FileLock _lock;
    private readonly ConcurrentBag<Task> _removals = [];
    private int _runs;

    private KeeperFolder(string path, FileLock held) => (Path, _lock) = (path, held);

    /// <summary>The folder, an absolute path.</summary>
    public string Path { get; }

    /// <summary>Makes the folder of a new keeper, and removes those of dead ones.</summary>
    /// <param name="home">ImageKit's folder.</param>
    public static KeeperFolder Create(string home)
    {
        string all = System.IO.Path.Combine(home, "layers", "runs");
        Directory.CreateDirectory(all);
        foreach (string folder in Directory.GetDirectories(all)) TrySweep(folder);
        string path = System.IO.Path.Combine(all, System.IO.Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal));
        FileLock held = TryLock(path)!; // before the folder: a folder without a held lock is a dead keeper's
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new KeeperFolder(path, held);
    }

    /// <summary>A new name inside the folder, for one run.</summary>
    public string Next() => System.IO.Path.Combine(Path, Interlocked.Increment(ref _runs).ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The container's name for a run's folder, different from any other on the machine.</summary>
    public string ContainerId(string run) => $"{System.IO.Path.GetFileName(Path)}-{System.IO.Path.GetFileName(run)}";

    /// <summary>Deletes a directory with all in it; a missing one is no error.</summary>
    public static void RemoveTree(string folder)
    {
        if (!Directory.Exists(folder)) return;
        using DirectoryRoot parent = DirectoryRoot.Open(System.IO.Path.GetDirectoryName(folder)!);
        parent.Remove(System.IO.Path.GetFileName(folder));
    }

    /// <summary>Deletes a directory of this folder while other work goes on; what cannot be deleted goes with the folder, or with the next sweep.</summary>
    public void RemoveLater(string folder) => _removals.Add(Task.Run(() => TryRemoveTree(folder)));

    /// <summary>Removes the folder.</summary>
    public void Dispose()
    {
        Task.WaitAll(_removals);
        RemoveTree(Path);
        File.Delete(Path + LockSuffix);
        _lock.Dispose();
    }

    private static FileLock? TryLock(string folder) => FileLock.TryAcquire(folder + LockSuffix);

    private static void TrySweep(string folder)
    {
        try
        {
            using FileLock? held = TryLock(folder);
            if (held is null) return; // its keeper lives
            RemoveTree(folder);
            File.Delete(folder + LockSuffix);
        }
        catch (IOException) // another user's, or swept by another keeper this moment
        {
        }
        catch (UnauthorizedAccessException) // another user's
        {
        }
    }

    private static void TryRemoveTree(string folder)
    {
        try
        {
            RemoveTree(folder);
        }
        catch (IOException) // tried again at the end
        {
        }
    }
}
