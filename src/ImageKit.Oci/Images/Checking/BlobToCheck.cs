namespace ImageKit.Oci;

/// <summary>A blob that a check has to look at.</summary>
/// <param name="Blob">What was promised of it.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="DiffId">What its content has to be, if it is a layer whose configuration says so.</param>
internal sealed record BlobToCheck(Descriptor Blob, string Place, Digest? DiffId)
{
    /// <summary>Reads it to its end, and its content as a tar if it is a layer.</summary>
    /// <returns>The bytes that were read.</returns>
    /// <exception cref="ContentException">It is missing, broken, or not what was promised.</exception>
    public async Task<long> ReadAsync(IContentSource source, IProgress<TransferEvent>? progress, CancellationToken cancel)
    {
        progress?.Report(new(Blob, TransferState.Started, 0));
        Stream content = await source.OpenAsync(Blob, cancel).ConfigureAwait(false);
        VerifyingStream proven = content as VerifyingStream ?? new(content, Blob);
        if (progress is not null) proven.Moved = moved => progress.Report(new(Blob, TransferState.Moving, moved));
        await using (proven.ConfigureAwait(false))
        {
            try
            {
                if (DiffId is { } promised) await ReadLayerAsync(proven, promised, cancel).ConfigureAwait(false);
            }
            finally
            {
                await proven.CopyToAsync(Stream.Null, cancel).ConfigureAwait(false); // wrong bytes are the cause of a broken tar, not the other way round
            }
        }
        progress?.Report(new(Blob, TransferState.Completed, Blob.Size));
        return Blob.Size;
    }

    private static async Task ReadLayerAsync(Stream proven, Digest promised, CancellationToken cancel)
    {
        (Stream plain, _) = await Compression.OpenAsync(new KeptOpenStream(proven), cancel).ConfigureAwait(false);
        await using (plain.ConfigureAwait(false))
        {
            TableOfContents toc = await LayerImport.ReadAsync(plain, null, cancel).ConfigureAwait(false);
            if (promised.Algorithm == toc.DiffId.Algorithm && promised != toc.DiffId) throw LayerFaults.WrongContent(promised, toc.DiffId);
        }
    }
}
