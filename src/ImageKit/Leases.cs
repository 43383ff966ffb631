using ImageKit.Posix;

namespace ImageKit;

/// <summary>Says which processes use ImageKit's folder: a locked file each, and a folder beside it for what need not outlive the process.</summary>
internal static class Leases
{
    /// <summary>The scratch folder that belongs to a lease.</summary>
    public static string ScratchOf(string home, string lease) => Path.Combine(home, "uploads", Path.GetFileNameWithoutExtension(lease));

    /// <summary>Takes a new lease.</summary>
    public static (string File, FileLock Lease) Take(string home)
    {
        Directory.CreateDirectory(Folder(home));
        // A sweep that meets a new lease before it is locked takes it for a dead one.
        for (int left = 20; ; left--)
        {
            string file = Path.Combine(Folder(home), $"{Guid.NewGuid():N}.lease");
            if (FileLock.TryAcquire(file, shared: true) is { } lease) return (file, lease);
            if (left == 0) throw new IOException($"'{file}' is locked.");
        }
    }

    /// <summary>Takes away what dead processes left. A lease that can be taken belongs to nobody: its process is gone.</summary>
    /// <returns>When the oldest of the other living processes began; the end of time if there is none.</returns>
    public static DateTimeOffset SweepDead(string home, string own)
    {
        DateTimeOffset oldest = DateTimeOffset.MaxValue;
        foreach (FileInfo lease in new DirectoryInfo(Folder(home)).EnumerateFiles())
        {
            if (lease.FullName == own) continue;
            try
            {
                using FileLock? dead = FileLock.TryAcquire(lease.FullName);
                if (dead is null)
                {
                    if (lease.CreationTimeUtc < oldest) oldest = lease.CreationTimeUtc;
                    continue;
                }
                string scratch = ScratchOf(home, lease.Name);
                if (Directory.Exists(scratch)) Directory.Delete(scratch, recursive: true);
                lease.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) // another process took it away, or it is another user's
            {
                continue;
            }
        }
        return oldest;
    }

    private static string Folder(string home) => Path.Combine(home, "uploads", "leases");
}
