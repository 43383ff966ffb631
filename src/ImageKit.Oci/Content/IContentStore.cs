namespace ImageKit.Oci;

/// <summary>Somewhere blobs can be written to as well. Nothing half-written is ever visible; any number of writers may work at once.</summary>
public interface IContentStore : IContentSource
{
    /// <summary>Whether the blob or manifest is here, whole.</summary>
    Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default);

    /// <summary>
    /// Writes a blob or manifest; what it points to must be here before. Writing what is here already reads nothing and does nothing.
    /// </summary>
    /// <exception cref="ContentException">The stream is not of the size or digest promised (IK1102, IK1103).</exception>
    Task PutAsync(Descriptor blob, Stream content, CancellationToken cancel = default);

    /// <summary>Writes a blob or manifest whose bytes can be opened again, should the way to the store break in the middle.</summary>
    /// <param name="blob">What is written.</param>
    /// <param name="open">Opens the bytes from the first on; the store closes what it opened.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">The stream is not of the size or digest promised (IK1102, IK1103).</exception>
    async Task PutAsync(Descriptor blob, Func<CancellationToken, Task<Stream>> open, CancellationToken cancel = default)
    {
        Stream content = await open(cancel).ConfigureAwait(false);
        await using (content.ConfigureAwait(false)) await PutAsync(blob, content, cancel).ConfigureAwait(false);
    }

    /// <summary>Writes a blob out of a source. A store on disk keeps what arrived if the way breaks, and goes on from there the next time.</summary>
    /// <param name="blob">What is written.</param>
    /// <param name="source">Where it is read.</param>
    /// <param name="moved">Is told how many of the blob's bytes are here, after each piece.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">The blob is not in the source (IK1101), or not of the size or digest promised (IK1102, IK1103).</exception>
    Task PutAsync(Descriptor blob, IContentSource source, IProgress<long>? moved, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return PutAsync(blob, async stop =>
        {
            Stream content = await source.OpenAsync(blob, stop).ConfigureAwait(false);
            VerifyingStream verified = content as VerifyingStream ?? new(content, blob); // a source of a user's own making may not verify
            if (moved is not null) verified.Moved = moved.Report;
            return verified;
        }, cancel);
    }

    /// <summary>Points a tag at a manifest or index that is here, replacing what it pointed at.</summary>
    Task TagAsync(string tag, Descriptor root, CancellationToken cancel = default);

    /// <summary>Whether a manifest that is here proves that all it points to is here too. True of registries; a layout may be partial.</summary>
    bool KeepsGraphsWhole => false;

    /// <summary>
    /// Takes a blob without moving its bytes if the store can, as a registry mounts a blob from another of its repositories.
    /// </summary>
    /// <returns>Whether the blob is here now.</returns>
    Task<bool> TryMountAsync(Descriptor blob, IContentSource source, CancellationToken cancel = default) => Task.FromResult(false);
}
