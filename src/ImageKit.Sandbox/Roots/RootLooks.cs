using ImageKit.Oci;
using ImageKit.Posix;

namespace ImageKit.Sandbox;

/// <summary>The owner and mode of a root directory, which belong to no entry of a directory above it.</summary>
internal static class RootLooks
{
    /// <summary>Gives a directory the owner and mode of a tree's root.</summary>
    public static void Give(string directory, TocEntry root)
    {
        using DirectoryRoot parent = DirectoryRoot.Open(Path.GetDirectoryName(directory)!);
        string name = Path.GetFileName(directory);
        try
        {
            if (root.Uid != 0 || root.Gid != 0) parent.SetOwner(name, root.Uid, root.Gid);
        }
        catch (PosixException e) when (e.Errno is Errno.EINVAL or Errno.EPERM) // an id that does not exist in this namespace; the table of contents keeps it
        {
        }
        parent.SetMode(name, root.Mode);
    }
}
