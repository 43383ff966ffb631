using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>How many bytes may lie on disk. When they are used up, what was cached of upstreams and not used for longest goes; what was pushed stays.</summary>
/// <param name="most">The limit in bytes; null for none.</param>
/// <param name="cache">Where cached content lies; null if nothing may go.</param>
internal sealed class DiskBudget(long? most, DiskPaths? cache = null)
{
    private const double FillAfterwards = 0.9; // so that it is not swept for each blob

    private readonly Lock _evicting = new();
    private long _used;

    /// <summary>Bytes used, where there is a limit.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Whether a blob of this size can be kept at all.</summary>
    public bool Fits(long size) => most is null || size <= most;

    /// <summary>Counts what lies in folders already.</summary>
    public void Count(params IEnumerable<string> folders)
    {
        if (most is null) return;
        foreach (string folder in folders.Where(Directory.Exists)) Interlocked.Add(ref _used, new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
    }

    /// <summary>Takes some bytes.</summary>
    /// <exception cref="ServedRefusal">There is no room for them (507).</exception>
    public void Take(long bytes)
    {
        if (TryTake(bytes)) return;
        throw new ServedRefusal(ServedAnswer.Error(507, "DENIED", "the registry has used up the disk space that it may use"));
    }

    /// <summary>Takes some bytes, if there is room for them or can be made.</summary>
    public bool TryTake(long bytes)
    {
        if (most is null || Interlocked.Add(ref _used, bytes) <= most || TryEvict()) return true;
        Give(bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes)
    {
        if (most is not null) Interlocked.Add(ref _used, -bytes);
    }

    private bool TryEvict()
    {
        lock (_evicting)
        {
            if (Used <= most) return true; // another one made room
            if (cache is null || !Directory.Exists(cache.Blobs)) return false;
            foreach (FileInfo file in new DirectoryInfo(cache.Blobs).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.LastWriteTimeUtc).ToArray())
            {
                if (Used <= most * FillAfterwards) break;
                if (DiskFiles.Delete(file.FullName)) Give(file.Length);
            }
            return Used <= most;
        }
    }
}
