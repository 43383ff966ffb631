using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>A blob that lies in a file.</summary>
/// <param name="path">The file.</param>
/// <param name="size">Bytes.</param>
/// <param name="origin">See <see cref="ServedBlob.Origin"/>.</param>
internal sealed class DiskBlob(string path, long size, string? origin = null) : ServedBlob(size)
{
    public override string? Origin => origin;

    /// <summary>The blob of a file; null if there is none.</summary>
    public static DiskBlob? At(string path, string? origin = null) => new FileInfo(path) is { Exists: true } file ? new(path, file.Length, origin) : null;

    public override ValueTask<Stream?> OpenAsync(long from, long length, CancellationToken cancel)
    {
        try
        {
            FileStream file = new(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
            file.Position = from;
            return new(new LimitedStream(file, length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Stream?)null); // swept a moment ago
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskFiles.Refusal(e, path);
        }
    }
}
