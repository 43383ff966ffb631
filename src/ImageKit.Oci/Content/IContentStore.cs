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
