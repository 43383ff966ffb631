namespace ImageKit.Sandbox;

/// <summary>
/// The control groups that runc makes as root: all below one folder, so that what a killed keeper left behind, empty folders, can be found
/// and removed by the next one.
/// </summary>
internal static class CgroupLeftovers
{
    private const string Folder = "imagekit";
    private const string Root = "/sys/fs/cgroup";

    /// <summary>The path of a run's group.</summary>
    public static string Path(string id) => $"/{Folder}/{id}";

    /// <summary>Removes the groups in which no process lives. The kernel refuses to remove any other.</summary>
    public static void Sweep()
    {
        foreach (string folder in Tops().Where(Directory.Exists))
        {
            foreach (string group in Directory.GetDirectories(folder)) TryRemove(group);
            TryRemove(folder);
        }
    }

    private static IEnumerable<string> Tops() =>
        Directory.Exists(Root) ? Directory.GetDirectories(Root).Prepend(Root).Select(top => System.IO.Path.Combine(top, Folder)) : [];

    private static void TryRemove(string group)
    {
        try
        {
            Directory.Delete(group); // rmdir: the files in it are the kernel's
        }
        catch (IOException) // in use by a build that lives
        {
        }
        catch (UnauthorizedAccessException) // made by another user
        {
        }
    }
}
