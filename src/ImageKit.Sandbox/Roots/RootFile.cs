using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>Reads files of a root filesystem, which a command may have made into anything: only regular files are opened, and only so much is read.</summary>
internal static class RootFile
{
    /// <summary>Refuses a root filesystem whose account files are FIFOs: some runtimes read them, and would wait for ever.</summary>
    /// <exception cref="ImageKitException">One is (IK5006).</exception>
    public static void CheckAccounts(string root)
    {
        using DirectoryRoot files = DirectoryRoot.Open(root);
        foreach (string name in (string[])["/etc/passwd", "/etc/group"])
        {
            if (RootPath.Resolve(root, name) is { Length: > 0 } inside && KindOf(files, inside) is FileKind.Fifo)
                throw new ImageKitException("IK5006", $"Commands cannot run in this root filesystem: its {name} is a FIFO.", "Who reads it waits for ever.", "Make it a file again, in the step that changed it.");
        }
    }

    /// <summary>The first bytes of a file.</summary>
    /// <param name="root">The root filesystem.</param>
    /// <param name="path">The file; links are followed inside the root.</param>
    /// <param name="most">How many bytes at most.</param>
    /// <returns>Null if there is no such file, or it is a FIFO, a device or a directory, or cannot be read.</returns>
    public static byte[]? TryRead(string root, string path, int most)
    {
        if (RootPath.Resolve(root, path) is not { Length: > 0 } inside) return null;
        try
        {
            using DirectoryRoot files = DirectoryRoot.Open(root);
            if (KindOf(files, inside) is not FileKind.File) return null;
            using FileStream file = new(files.OpenRead(inside), FileAccess.Read, bufferSize: 0);
            byte[] bytes = new byte[Math.Min(most, file.Length)];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (IOException) // a part of the path is no directory, or reading is forbidden
        {
            return null;
        }
    }

    private static FileKind? KindOf(DirectoryRoot files, string inside)
    {
        try
        {
            return files.Stat(inside)?.Kind;
        }
        catch (IOException) // a part of the path is no directory
        {
            return null;
        }
    }
}
