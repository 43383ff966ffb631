using System.Security.Cryptography;

namespace ImageKit.Oci;

/// <summary>A blob that arrives in more than one try: what came stays on disk, and the next try goes on behind it.</summary>
internal static class PartialBlob
{
    private const long LeastBytes = 1024 * 1024; // smaller blobs are fetched anew as fast

    /// <summary>Writes the blob; false if it is too small for this, or another writer is at it.</summary>
    public static async Task<bool> TryPutAsync(LayoutStore store, LayoutFiles files, Descriptor blob, IContentSource source, IProgress<long>? moved, LayerWatch? watch, CancellationToken cancel)
    {
        if (blob.Size < LeastBytes) return false;
        while (true)
        {
            if (files.TryOpenPartial(blob.Digest) is not { } file) return false;
            if (file.Length > blob.Size) file.SetLength(0);
            long have = file.Length;
            if (watch is not null) await watch.BeginAsync().ConfigureAwait(false);
            // From the first byte on the source verifies; behind what is here, the writer has to.
            IncrementalHash? hash = have == 0 ? null : await HashAsync(file, blob.Digest, watch, cancel).ConfigureAwait(false);
            BlobWriter writer = new(store, file, hash, have) { KeepsUnfinished = true, Moved = moved, Watch = watch };
            await using (writer.ConfigureAwait(false))
            {
                try
                {
                    await AppendAsync(writer, blob, source, have, cancel).ConfigureAwait(false);
                    return true;
                }
                catch (ContentException error) when (error.Code is "IK1102" or "IK1103" or "IK1002")
                {
                    writer.KeepsUnfinished = false; // wrong bytes, of now or of the last try; or they fill the disk
                    if (have == 0 || error.Code == "IK1002") throw;
                }
            }
        }
    }

    private static async Task AppendAsync(BlobWriter writer, Descriptor blob, IContentSource source, long have, CancellationToken cancel)
    {
        Stream content = have == 0 ? await source.OpenAsync(blob, cancel).ConfigureAwait(false) : await source.OpenFromAsync(blob, have, cancel).ConfigureAwait(false);
        if (have == 0 && content is not VerifyingStream) content = new VerifyingStream(content, blob); // a source of a user's own making may not verify
        await using (content.ConfigureAwait(false))
        {
            await BlobCopy.RunAsync(content, writer, blob with { Size = blob.Size - have }, cancel).ConfigureAwait(false);
            await writer.CommitAsync(blob, cancel).ConfigureAwait(false);
        }
    }

    private static async Task<IncrementalHash> HashAsync(FileStream file, Digest digest, LayerWatch? watch, CancellationToken cancel)
    {
        IncrementalHash hash = ContentHash.For(digest);
        byte[] buffer = new byte[256 * 1024];
        while (await file.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int read)
        {
            hash.AppendData(buffer, 0, read);
            if (watch is not null) await watch.SeeAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
        }
        return hash;
    }
}
