using ImageKit.Posix;

namespace ImageKit.Oci;

/// <summary>
/// Unpacks a layer's tar into a directory and never writes outside of it: absolute names begin at the directory, `..` in names is refused, links
/// in paths are followed as if the directory were the system's root, hard links are looked up in it. Of entries of one path the last one holds.
/// </summary>
public static class LayerUnpacker
{
    /// <summary>Unpacks into an existing directory, by its path.</summary>
    /// <inheritdoc cref="UnpackAsync(Stream, DirectoryRoot, UnpackOptions?, CancellationToken)"/>
    public static async Task<UnpackResult> UnpackAsync(Stream tar, string root, UnpackOptions? options = null, CancellationToken cancel = default)
    {
        using DirectoryRoot opened = DirectoryRoot.Open(root);
        return await UnpackAsync(tar, opened, options, cancel).ConfigureAwait(false);
    }

    /// <summary>Unpacks into an existing directory. What was unpacked before a failure or cancellation stays, with directories open to their owner alone.</summary>
    /// <param name="tar">The tar, plain or compressed with gzip or zstd; stays open.</param>
    /// <param name="root">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">
    /// The tar or its compression is broken (IK1201 to IK1206, IK1208), it breaks a limit of the options (IK1209), a whiteout, hard link or chain of links leads nowhere (IK1210 to IK1212), the file system refuses
    /// an entry (IK1220), the disk is full (IK1221), or rights are lacking (IK1222).
    /// </exception>
    public static async Task<UnpackResult> UnpackAsync(Stream tar, DirectoryRoot root, UnpackOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new UnpackOptions();
        var target = new UnpackTarget(root, options);
        var writer = new EntryWriter(root, target, options);
        var whiteouts = new WhiteoutWriter(root, target, options.Whiteouts);
        int entries = 0;
        (Stream plain, bool isCompressed) = await OpenAsync(tar, options.Limits, cancel).ConfigureAwait(false);
        var reader = new TarReader(plain);
        await using (reader.ConfigureAwait(false))
        {
            string at = "";
            try
            {
                while (await reader.ReadAsync(cancel).ConfigureAwait(false) is { } header)
                {
                    options.Limits.CheckEntries(++entries);
                    TocEntry entry = header.ToTocEntry();
                    at = entry.Path;
                    if (Whiteout.IsWhiteout(entry.Name)) whiteouts.Add(entry);
                    else await writer.WriteAsync(entry, header.IsSparse, reader.Content, cancel).ConfigureAwait(false);
                }
                if (isCompressed) await reader.DrainAsync(cancel).ConfigureAwait(false); // its checksum stands at the end
                whiteouts.Finish();
                writer.Finish();
            }
            catch (IOException e) // the file system's own, wherever it comes up: the tar's reader has exceptions of its own
            {
                throw UnpackErrors.Of(e, at);
            }
        }
        return new UnpackResult(entries, writer.Bytes, writer.Skipped, writer.FirstSkipped);
    }

    // A layer's compressions alone: a tar whose first name looks like another one's magic number is a tar.
    private static async Task<(Stream Plain, bool IsCompressed)> OpenAsync(Stream tar, UnpackLimits limits, CancellationToken cancel)
    {
        var start = new byte[Compression.MagicLength];
        int length = await tar.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        CompressionFormat format = Compression.Detect(start.AsSpan(0, length));
        CountedStream whole = new(new PrefixedStream(start.AsMemory(0, length), new KeptOpenStream(tar)));
        bool isCompressed = format is CompressionFormat.Gzip or CompressionFormat.Zstd;
        return (new LimitedTar(isCompressed ? Compression.OpenDecompressor(whole, format) : whole, whole, limits), isCompressed);
    }
}
