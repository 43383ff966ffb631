using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>
/// An image archive to read: an OCI layout or Docker's `manifest.json` in a tar, plain or compressed, as docker, podman, skopeo, containerd and
/// <see cref="WriteAsync"/> make them. The tar is indexed once; blobs are read where they lie.
/// </summary>
public sealed class ImageArchive : IContentSource, IDisposable
{
    private readonly ArchiveFile _file;
    private readonly ArchiveCatalog _catalog;

    private ImageArchive(ArchiveFile file, ArchiveCatalog catalog) => (_file, _catalog) = (file, catalog);

    /// <summary>The images of the archive, in its order; nameless where it gives no name.</summary>
    public ImmutableArray<StoredTag> Images => _catalog.Images;

    /// <summary>Opens an archive and reads its index.</summary>
    /// <param name="path">The file.</param>
    /// <param name="spoolDirectory">Where a compressed archive is unpacked to a temporary file; null for the system's temporary folder.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">
    /// The file is not there or cannot be read (IK1003), is no image archive (IK1009), is a broken tar (IK12xx), or holds broken documents
    /// (IK1005, IK1101 to IK1105).
    /// </exception>
    public static async Task<ImageArchive> OpenAsync(string path, string? spoolDirectory = null, CancellationToken cancel = default)
    {
        ArchiveFile file = await ArchiveFile.OpenAsync(path, spoolDirectory, cancel).ConfigureAwait(false);
        return await IndexAsync(file, cancel).ConfigureAwait(false);
    }

    /// <summary>Reads an archive from a stream that cannot seek, such as standard input, by way of a temporary file.</summary>
    /// <inheritdoc cref="OpenAsync(string, string?, CancellationToken)" path="/exception"/>
    public static async Task<ImageArchive> OpenAsync(Stream stream, string? spoolDirectory = null, CancellationToken cancel = default)
    {
        ArchiveFile file = await ArchiveFile.SpoolAsync(stream, "the input", spoolDirectory, cancel).ConfigureAwait(false);
        return await IndexAsync(file, cancel).ConfigureAwait(false);
    }

    /// <summary>Writes images as a tar. The same images give the same bytes.</summary>
    /// <param name="output">Where to write; need not seek, stays open.</param>
    /// <param name="format">Docker's and OCI's, or OCI's alone.</param>
    /// <param name="source">Where the images' blobs are.</param>
    /// <param name="images">The images with their names: full ones such as `docker.io/library/app:1`, bare tags, or none.</param>
    /// <param name="progress">Told of every blob.</param>
    /// <param name="cancel">Stops the work; the tar is then unfinished.</param>
    /// <exception cref="ContentException">A blob is missing or broken (IK1101 to IK1105).</exception>
    public static Task WriteAsync(Stream output, ArchiveFormat format, IContentSource source, IEnumerable<StoredTag> images,
        IProgress<TransferEvent>? progress = null, CancellationToken cancel = default) =>
        new ArchiveWriting(source, format, progress).RunAsync(output, [.. images], cancel);

    /// <inheritdoc/>
    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => Task.FromResult(_catalog.Find(name));

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return _catalog.Open(_file, blob, cancel) ?? throw ContentFaults.Missing(blob, $"The archive '{_file.Name}'");
    }

    /// <summary>Closes the file, and removes the temporary one if there is one.</summary>
    public void Dispose() => _file.Dispose();

    private static async Task<ImageArchive> IndexAsync(ArchiveFile file, CancellationToken cancel)
    {
        bool kept = false;
        try
        {
            ArchiveCatalog catalog = await ArchiveCatalog.ReadAsync(file, cancel).ConfigureAwait(false);
            kept = true;
            return new(file, catalog);
        }
        finally
        {
            if (!kept) file.Dispose();
        }
    }
}
