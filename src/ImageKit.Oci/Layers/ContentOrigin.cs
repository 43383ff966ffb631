using Microsoft.Win32.SafeHandles;

namespace ImageKit.Oci;

/// <summary>Where the bytes of files come from: the tar of a layer, a directory on disk, memory. Usable by many threads at once.</summary>
public abstract class ContentOrigin
{
    /// <summary>Opens a regular file's bytes from their beginning; the caller disposes the stream.</summary>
    /// <param name="entry">The entry as this origin knows it: see <see cref="LayerItem.Source"/>.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">The bytes are no longer there.</exception>
    public abstract ValueTask<Stream> OpenAsync(TocEntry entry, CancellationToken cancel);

    /// <summary>
    /// The same without a stream and without waiting, for origins that are files on disk: makes layers of many small files fast. Null
    /// where there is no such way, or not yet; then <see cref="OpenAsync"/> is asked.
    /// </summary>
    public virtual OriginFile? OpenFile(TocEntry entry) => null;
}

/// <summary>An open file that holds the bytes of an entry as one run.</summary>
/// <param name="Handle">The file; read with <see cref="RandomAccess"/>.</param>
/// <param name="Offset">Where the entry's bytes begin in it.</param>
/// <param name="Owned">Whether whoever asked has to dispose <paramref name="Handle"/>.</param>
public readonly record struct OriginFile(SafeFileHandle Handle, long Offset, bool Owned);
