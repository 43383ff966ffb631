using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>What is in a layer: one <see cref="TocEntry"/> for each entry of its tar.</summary>
public sealed class TableOfContents
{
    /// <summary>Takes entries in the order of the tar.</summary>
    /// <param name="diffId">The SHA-256 of the uncompressed tar.</param>
    /// <param name="tarSize">Bytes of the uncompressed tar.</param>
    /// <param name="entries">All entries; where a path comes twice, the last one holds.</param>
    public TableOfContents(Digest diffId, long tarSize, ImmutableArray<TocEntry> entries) => (DiffId, TarSize, Entries) = (diffId, tarSize, entries);

    /// <summary>The SHA-256 of the uncompressed tar.</summary>
    public Digest DiffId { get; }

    /// <summary>Bytes of the uncompressed tar.</summary>
    public long TarSize { get; }

    /// <summary>All entries, in the order of the tar.</summary>
    public ImmutableArray<TocEntry> Entries { get; }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    /// <returns>The table, or null if the file is torn, foreign or of another version: then it is made again from the layer.</returns>
    public static async Task<TableOfContents?> ReadAsync(Stream file, CancellationToken cancel = default)
    {
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, cancel).ConfigureAwait(false);
        return TocFormat.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <summary>Writes the table in its compact form.</summary>
    public async Task WriteAsync(Stream file, CancellationToken cancel = default) =>
        await file.WriteAsync(TocFormat.Write(this), cancel).ConfigureAwait(false);
}
