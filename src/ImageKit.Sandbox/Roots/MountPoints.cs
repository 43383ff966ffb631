using ImageKit.Posix;

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
        using DirectoryRoot inside = DirectoryRoot.Open(root);
        for (int i = _made.Count - 1; i >= 0; i--) TryRemove(inside, Path.GetRelativePath(root, _made[i]));
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
        Keeping(parent, () => Directory.CreateDirectory(path));
        _made.Add(path);
    }

    private void MakeFile(string path)
    {
        if (File.Exists(path)) return;
        if (Directory.Exists(path)) throw new IOException($"'{path[root.Length..]}' is a directory, not a file.");
        string parent = Path.GetDirectoryName(path)!;
        MakeDirectory(parent);
        Keeping(parent, () => File.Create(path).Dispose());
        _made.Add(path);
    }

    // A command that looks at the directory sees no trace of the clock.
    private static void Keeping(string directory, Action make)
    {
        DateTime time = Directory.GetLastWriteTimeUtc(directory);
        make();
        Directory.SetLastWriteTimeUtc(directory, time);
    }

    // The command may have put links into the path, so it is walked anew, and never out of the root.
    private static void TryRemove(DirectoryRoot inside, string path)
    {
        try
        {
            bool untouched = inside.Stat(path) switch
            {
                { Kind: FileKind.Directory } => inside.List(path).Count == 0,
                { Kind: FileKind.File, Size: 0 } => true,
                _ => false,
            };
            if (untouched) inside.Remove(path);
        }
        catch (IOException) // what is in its path now is the command's own
        {
        }
    }
}
