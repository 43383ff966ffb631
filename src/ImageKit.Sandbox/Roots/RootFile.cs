using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>Reads files of a root filesystem, which a command may have made into anything: only regular files are opened, and only so much is read.</summary>
internal static class RootFile
{
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
            if (files.Stat(inside) is not { Kind: FileKind.File }) return null;
            using FileStream file = new(files.OpenRead(inside), FileAccess.Read, bufferSize: 0);
            byte[] bytes = new byte[Math.Min(most, file.Length)];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (IOException) // a part of the path is no directory, or reading is forbidden
        {
            return null;
        }
    }
}
