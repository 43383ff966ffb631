using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <content>Moving images.</content>
public sealed partial class ImageKitClient
{
    /// <summary>Copies an image from its registry into the store.</summary>
    /// <param name="name">The name; a missing tag means `latest`.</param>
    /// <param name="platform">Which platform of an index; null for all that the index has for this machine, that is one.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work; what arrived stays and is not moved again.</param>
    public Task<TransferResult> PullAsync(string name, Platform? platform = null, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Copies an image of the store to a registry.</summary>
    /// <param name="name">The image in the store.</param>
    /// <param name="target">The name in the registry; null for <paramref name="name"/>.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public Task<TransferResult> PushAsync(string name, string? target = null, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Copies an image, with all its platforms, from one registry to another, or within one.</summary>
    /// <param name="source">The name to copy from.</param>
    /// <param name="target">The name to copy to.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work.</param>
    public Task<TransferResult> CopyAsync(string source, string target, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Writes images of the store into one archive, which `docker load` and readers of OCI layouts take.</summary>
    /// <param name="names">The images; their names go with them.</param>
    /// <param name="target">Where to; not disposed.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public Task SaveAsync(IReadOnlyCollection<string> names, Stream target, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Reads an archive made by `docker save`, `podman save`, `skopeo` or <see cref="SaveAsync"/> into the store.</summary>
    /// <param name="archive">The archive, plain or compressed with gzip; read to its end and not disposed.</param>
    /// <param name="cancel">Stops the work.</param>
    public Task<ImmutableArray<LoadedImage>> LoadAsync(Stream archive, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Checks a login at a registry and keeps it in Docker's configuration file.</summary>
    /// <param name="registry">The registry's host and port; null for Docker Hub.</param>
    /// <param name="user">The user.</param>
    /// <param name="password">The password or token.</param>
    /// <param name="cancel">Stops the work.</param>
    public Task LoginAsync(string? registry, string user, string password, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Forgets a login.</summary>
    /// <param name="registry">The registry's host and port; null for Docker Hub.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Whether there was one.</returns>
    public Task<bool> LogoutAsync(string? registry, CancellationToken cancel = default) => throw new NotImplementedException();
}
