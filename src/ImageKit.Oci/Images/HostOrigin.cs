using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>The bytes of one file of this machine.</summary>
internal sealed class HostOrigin(string path) : ContentOrigin
{
    public override ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return ValueTask.FromResult<Stream>(new FileStream(Open(), FileAccess.Read));
    }

    public override OriginFile? OpenFile(TocEntry entry) => new(Open(), 0, Owned: true);

    private SafeFileHandle Open()
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // gone meanwhile, or not ours to read
        {
            throw HostTree.Unreadable(path, e);
        }
    }
}
