using ImageKit.Posix;
using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>Files of a directory on disk, by the path of their entry.</summary>
/// <param name="root">The directory; stays the caller's, and has to stay open.</param>
public sealed class DirectoryOrigin(DirectoryRoot root) : ContentOrigin
{
    /// <inheritdoc/>
    public override ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel) => new(new FileStream(Open(entry), FileAccess.Read, bufferSize: 0));

    /// <inheritdoc/>
    /// <exception cref="ContentException">The file is gone, or cannot be read (IK1205).</exception>
    public override OriginFile? OpenFile(TocEntry entry) => new OriginFile(Open(entry), Offset: 0, Owned: true);

    private SafeFileHandle Open(TocEntry entry)
    {
        try
        {
            return root.OpenRead(entry.Path);
        }
        catch (PosixException e)
        {
            throw new ContentException("IK1205", $"'{entry.Path}' in {root.Path} cannot be read.", e.Message, "See that the file may be read and that nothing else changes it, and build again.", e);
        }
    }
}
