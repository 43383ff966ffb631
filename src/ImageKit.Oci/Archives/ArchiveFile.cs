using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>The uncompressed tar of an archive, which seeks: the file itself, or a temporary one that goes with this.</summary>
internal sealed class ArchiveFile : IDisposable
{
    private readonly FileStream _file;

    private ArchiveFile(string name, FileStream file) => (Name, _file) = (name, file);

    /// <summary>What the user calls the archive.</summary>
    public string Name { get; }

    private SafeFileHandle Handle => _file.SafeFileHandle;

    public static async Task<ArchiveFile> OpenAsync(string path, string? spoolDirectory, CancellationToken cancel)
    {
        FileStream file = OpenPlain(path);
        bool kept = false;
        try
        {
            var start = new byte[Compression.MagicLength];
            int length = file.CanSeek ? await RandomAccess.ReadAsync(file.SafeFileHandle, start, 0, cancel).ConfigureAwait(false) : 0;
            // A pipe, such as /dev/stdin, cannot be read twice.
            if (!file.CanSeek || Compression.Detect(start.AsSpan(0, length)) != CompressionFormat.None)
                return await SpoolAsync(file, path, spoolDirectory, cancel).ConfigureAwait(false);
            kept = true;
            return new(path, file);
        }
        finally
        {
            if (!kept) await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Copies a stream, unpacked, to a temporary file that nobody else sees.</summary>
    public static async Task<ArchiveFile> SpoolAsync(Stream stream, string name, string? spoolDirectory, CancellationToken cancel)
    {
        string path = Path.Combine(spoolDirectory ?? Path.GetTempPath(), $"imagekit-{Guid.NewGuid():N}.tar");
        FileStream? spool = null;
        try
        {
            spool = new(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 128 * 1024,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            });
            await ArchiveSpool.UnpackAsync(stream, spool, cancel).ConfigureAwait(false);
            await spool.FlushAsync(cancel).ConfigureAwait(false);
            (FileStream file, spool) = (spool, null);
            return new(name, file);
        }
        catch (InvalidDataException e) // a broken compressed stream
        {
            throw ArchiveFaults.NoArchive(name, $"It cannot be unpacked: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // mostly: the disk is full
        {
            throw StorageFaults.Of(e, path, "unpacking an archive");
        }
        finally
        {
            if (spool is not null) await spool.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The whole tar from its first byte.</summary>
    public Stream ReadAll() => new FileSegment(Handle, 0, RandomAccess.GetLength(Handle));

    /// <summary>A part of the tar.</summary>
    public Stream Read(ArchiveSpan span) => new FileSegment(Handle, span.Offset, span.Length);

    public void Dispose() => _file.Dispose();

    private static FileStream OpenPlain(string path)
    {
        try
        {
            return new(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // not there, a directory, or not ours to read
        {
            throw new ContentException("IK1003", $"The archive '{path}' cannot be read.", e.Message, "Check the path and the file's rights.", e);
        }
    }
}
