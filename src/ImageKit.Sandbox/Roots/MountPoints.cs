namespace ImageKit.Sandbox;

/// <summary>
/// Makes the files and directories on which things are mounted, where a root filesystem lacks them, and removes them afterwards if nobody
/// touched them, so that they are in no layer. Done here and not by the runtime, so that all runtimes leave the same.
/// </summary>
internal sealed class MountPoints(string root)
{
    private readonly List<string> _made = [];

    /// <summary>Sees that a mount point is there.</summary>
    /// <param name="target">The path inside the root; links are followed.</param>
    /// <param name="file">Whether it is a file rather than a directory.</param>
    /// <param name="mode">The mode of a new directory, which runc gives to what is mounted on it.</param>
    /// <returns>The absolute path inside the root, without links.</returns>
    /// <exception cref="ImageKitException">It cannot be made (IK5006).</exception>
    public string Make(string target, bool file, int mode = 0b111_101_101)
    {
        string inside = RootPath.Resolve(root, target) ?? throw Impossible(target, "its links turn in a circle");
        string path = Path.Combine(root, inside);
        try
        {
            if (file) MakeFile(path);
            else if (!Directory.Exists(path))
            {
                MakeDirectory(path);
                File.SetUnixFileMode(path, (UnixFileMode)mode);
            }
        }
        catch (IOException failure) // such as a file where a directory is wanted
        {
            throw Impossible(target, failure.Message);
        }
        return "/" + inside;
    }

    /// <summary>Removes what was made and is still empty.</summary>
    public void Remove()
    {
        for (int i = _made.Count - 1; i >= 0; i--) TryRemove(_made[i]);
        _made.Clear();
    }

    private static ImageKitException Impossible(string target, string why) =>
        new("IK5006", $"Cannot make the mount point '{target}' in the root filesystem.", why, "Mount it somewhere else.");

    private void MakeDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        if (File.Exists(path)) throw new IOException($"'{path[root.Length..]}' is a file, not a directory.");
        string parent = Path.GetDirectoryName(path)!;
        if (parent.Length >= root.Length) MakeDirectory(parent);
        Directory.CreateDirectory(path);
        _made.Add(path);
    }

    private void MakeFile(string path)
    {
        if (File.Exists(path)) return;
        if (Directory.Exists(path)) throw new IOException($"'{path[root.Length..]}' is a directory, not a file.");
        MakeDirectory(Path.GetDirectoryName(path)!);
        File.Create(path).Dispose();
        _made.Add(path);
    }

    private static void TryRemove(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.LinkTarget is not null) return; // the command put a link in its place
            if (Directory.Exists(path)) Directory.Delete(path);
            else if (file is { Exists: true, Length: 0 }) file.Delete();
        }
        catch (IOException) // a directory that is not empty any more: the command's own now
        {
        }
    }
}
