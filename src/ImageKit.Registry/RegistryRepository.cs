using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>One repository of a registry, as a store of content. Every byte read is held against size and digest.</summary>
public sealed class RegistryRepository : IContentStore
{
    internal RegistryRepository(ImageReference reference) => Name = reference.Repository;

    /// <summary>The registry as users name it, such as `docker.io`.</summary>
    public string Registry { get; } = "";

    /// <summary>The repository in it, such as `library/busybox`.</summary>
    public string Name { get; }

    /// <summary>Repositories of the same registry that blobs are mounted from.</summary>
    public ImmutableArray<string> MountFrom { get; } = [];

    /// <inheritdoc/>
    public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task PutAsync(Descriptor blob, Stream content, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task TagAsync(string tag, Descriptor root, CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Lists the tags, in the registry's order.</summary>
    public IAsyncEnumerable<string> ListTagsAsync(CancellationToken cancel = default) => throw new NotSupportedException();

    /// <summary>Deletes a manifest by digest, with every tag that points at it.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> DeleteManifestAsync(Digest digest, CancellationToken cancel = default) => throw new NotSupportedException();
}
