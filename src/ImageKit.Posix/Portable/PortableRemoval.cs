namespace ImageKit.Posix;

/// <summary>Deletes a tree with the base class library, following no link.</summary>
internal static class PortableRemoval
{
    /// <summary>Whether there was something.</summary>
    public static bool Remove(string path)
    {
        if (PortableStatus.Of(path) is not { } status) return false;
        if (status.Kind == FileKind.Directory)
        {
            OpenUp(path, status);
            foreach (FileSystemInfo entry in new DirectoryInfo(path).EnumerateFileSystemInfos("*", PortableStatus.Everything)) Remove(entry.FullName);
            Directory.Delete(path, recursive: false);
        }
        else if (OperatingSystem.IsWindows())
        {
            RemoveOnWindows(path);
        }
        else
        {
            File.Delete(path);
        }
        return true;
    }

    private static void OpenUp(string path, FileStatus status)
    {
        if (!OperatingSystem.IsWindows() && (status.Mode & 0x1C0) != 0x1C0) File.SetUnixFileMode(path, (UnixFileMode)0x1C0);
    }

    private static void RemoveOnWindows(string path)
    {
        FileAttributes attributes = File.GetAttributes(path);
        if ((attributes & FileAttributes.ReadOnly) != 0) File.SetAttributes(path, attributes & ~FileAttributes.ReadOnly);
        if ((attributes & FileAttributes.Directory) != 0) Directory.Delete(path); // a link to a directory
        else File.Delete(path);
    }
}
