using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace ImageKit.Oci;

/// <summary>
/// Reads a layer's tar once: hashes it, makes the table of contents with the hash of each file, and writes it on if asked. What feeds it
/// (fetching, decompressing) runs beside it.
/// </summary>
internal sealed class LayerImport
{
    private const int MaxEntries = 5_000_000;
    private const long MaxWeight = 1L << 30; // bytes of memory that a table of contents may take
    private const int EntryWeight = 256;

    /// <summary>Reads it all.</summary>
    /// <param name="tar">The uncompressed tar, read to its very end.</param>
    /// <param name="copy">Takes the tar as well; may be null.</param>
    /// <param name="cancel">Stops the work.</param>
    public static async Task<TableOfContents> ReadAsync(Stream tar, Stream? copy, CancellationToken cancel)
    {
        var pipe = new Pipe(new(BlockPool.Shared, pauseWriterThreshold: 2 << 20, resumeWriterThreshold: 1 << 20, minimumSegmentSize: BlockPool.BlockBytes, useSynchronizationContext: false));
        Task pump = PumpAsync(tar, pipe.Writer, cancel);
        try
        {
            return await ParseAsync(pipe.Reader.AsStream(), copy, cancel).ConfigureAwait(false);
        }
        catch (ContentException)
        {
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(false); // where the source broke, its error is the cause of ours
            throw;
        }
        finally
        {
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PumpAsync(Stream tar, PipeWriter writer, CancellationToken cancel)
    {
        await Task.Yield(); // the reader works on another thread
        try
        {
            while (true)
            {
                int read = await tar.ReadAsync(writer.GetMemory(BlockPool.BlockBytes), cancel).ConfigureAwait(false);
                if (read == 0) return;
                writer.Advance(read);
                if ((await writer.FlushAsync(cancel).ConfigureAwait(false)).IsCompleted) return; // the reader gave up
            }
        }
        finally
        {
            await writer.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static async Task<TableOfContents> ParseAsync(Stream piped, Stream? copy, CancellationToken cancel)
    {
        var hashing = new HashingStream(piped, copy);
        await using ConfiguredAsyncDisposable hashingDone = hashing.ConfigureAwait(false);
        var reader = new TarReader(hashing, leaveOpen: true);
        await using ConfiguredAsyncDisposable readerDone = reader.ConfigureAwait(false);
        ImmutableArray<TocEntry>.Builder entries = ImmutableArray.CreateBuilder<TocEntry>();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 << 10);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            long weight = 0;
            while (await reader.ReadAsync(cancel).ConfigureAwait(false) is { } entry)
            {
                TocEntry listed = entry.ToTocEntry();
                weight += Weigh(listed);
                if (entries.Count == MaxEntries || weight > MaxWeight) throw TarFaults.TooMuch($"It has more entries ({entries.Count}) or longer names and attributes ({weight} bytes) than any layer needs.");
                entries.Add(listed.Kind != EntryKind.File ? listed : listed with { ContentHash = await HashAsync(reader.Content, hash, buffer, cancel).ConfigureAwait(false) });
            }
            await reader.DrainAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return new(Digest.OfSha256(hashing.Finish()), hashing.Count, entries.DrainToImmutable());
    }

    private static long Weigh(TocEntry entry) => EntryWeight + 2L * (entry.Path.Length + (entry.LinkTarget?.Length ?? 0)) + 16L * (entry.Sparse.IsDefault ? 0 : entry.Sparse.Length)
        + entry.Xattrs.Sum(xattr => 64L + xattr.Name.Length + xattr.Value.Length);

    private static async ValueTask<Hash256> HashAsync(Stream content, IncrementalHash hash, byte[] buffer, CancellationToken cancel)
    {
        for (int read; (read = await content.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
        return new(hash.GetHashAndReset());
    }
}
