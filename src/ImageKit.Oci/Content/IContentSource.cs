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
}
