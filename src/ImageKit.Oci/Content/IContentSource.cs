namespace ImageKit.Oci;

/// <summary>Somewhere blobs can be read from: a store, a registry's repository, an archive.</summary>
public interface IContentSource
{
    /// <summary>Finds what a tag or a digest names here.</summary>
    /// <param name="name">A tag of this source, or a digest in its text form.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The descriptor of the manifest or index, or null if the name is not there.</returns>
    Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default);

    /// <summary>
    /// Opens a blob or manifest. The stream proves size and digest before it hands out the last bytes, and throws
    /// <see cref="ContentException"/> (IK1102, IK1103) otherwise; the caller disposes it.
    /// </summary>
    /// <exception cref="ContentException">The blob is not there (IK1101).</exception>
    Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default);

    /// <summary>Whether reading goes over a network: then what arrived before it broke is worth keeping.</summary>
    bool IsRemote => false;

    /// <summary>Opens a blob behind its first bytes. Nothing is verified: whoever has the first bytes verifies the whole.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="from">How many bytes to leave out.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">The blob is not there (IK1101).</exception>
    async Task<Stream> OpenFromAsync(Descriptor blob, long from, CancellationToken cancel = default)
    {
        Stream content = await OpenAsync(blob, cancel).ConfigureAwait(false);
        await BlobCopy.SkipAsync(content, from, cancel).ConfigureAwait(false);
        return content;
    }

    /// <summary>Opens a part of a blob, for readers of single files. Nothing is verified: whoever knows what the part must be does that.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="from">Its first byte.</param>
    /// <param name="length">How many bytes; fewer come where the blob ends.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <remarks>A registry sends these bytes alone, if it knows ranges.</remarks>
    /// <exception cref="ContentException">The blob is not there (IK1101).</exception>
    async Task<Stream> OpenRangeAsync(Descriptor blob, long from, long length, CancellationToken cancel = default) =>
        new LimitedStream(await OpenFromAsync(blob, from, cancel).ConfigureAwait(false), length);

    /// <summary>
    /// Takes note that a blob's bytes, as they came from here, are not what was promised. A source that reads from several places leaves out
    /// the one that gave them.
    /// </summary>
    /// <returns>Whether it would read the blob from elsewhere now: then opening it again may help.</returns>
    bool ReadElsewhere(Descriptor blob) => false;
}
