using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>
/// Tells whether an unpacked layer is whole after a loss of power: writing ten thousand small files through to the disk at once would take longer
/// than unpacking them. A mark beside the directory says in which boot of the machine it was made, and goes when the kernel has surely written it.
/// </summary>
internal static class UnpackedMark
{
    // The kernel writes what is 30 seconds old (vm.dirty_expire_centisecs); some machines are set to a few minutes.
    private static readonly TimeSpan SurelyWritten = TimeSpan.FromMinutes(20);
    private static readonly string ThisBoot = File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Puts a finished directory in its place. The mark comes first, so that no directory is seen without one.</summary>
    public static void Publish(string directory, string place)
    {
        File.WriteAllText(Of(place), ThisBoot);
        Directory.Move(directory, place);
    }

    /// <summary>Whether the directory is there and whole. One of an earlier boot whose mark is still there may be torn.</summary>
    public static bool IsWhole(string place)
    {
        if (!Directory.Exists(place)) return false;
        FileInfo mark = new(Of(place));
        try
        {
            if (!mark.Exists) return true;
            if (File.ReadAllText(mark.FullName) != ThisBoot) return false; // or torn itself
            if (mark.LastWriteTimeUtc < DateTime.UtcNow - SurelyWritten) mark.Delete();
            return true;
        }
        catch (FileNotFoundException) // another process has just found it to be written
        {
            return true;
        }
    }

    /// <summary>Takes away what may be torn; nobody uses it, since this boot has not seen it as whole.</summary>
    public static void RemoveTorn(string place)
    {
        if (!Directory.Exists(place)) return;
        using (DirectoryRoot parent = DirectoryRoot.Open(Path.GetDirectoryName(place)!)) parent.Remove(Path.GetFileName(place));
        File.Delete(Of(place));
    }

    private static string Of(string place) => place + ".boot";
}
