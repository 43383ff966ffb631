using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// Talks to registries over the OCI distribution protocol. One client serves any number of registries and threads; it holds the
/// connections, the tokens and what it learnt of each host.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md"/>
public sealed class RegistryClient : IDisposable
{
    /// <summary>Makes a client; nothing is sent yet.</summary>
    public RegistryClient(RegistryOptions? options = null) => Options = options ?? new();

    /// <summary>How this client works.</summary>
    public RegistryOptions Options { get; }

    /// <summary>Opens the repository that a reference names; its tag and digest do not matter here. Nothing is sent yet.</summary>
    /// <param name="reference">Names registry and repository.</param>
    /// <param name="mountFrom">Repositories of the same registry that may have the blobs already, the likeliest first; they are mounted instead of sent.</param>
    public RegistryRepository Repository(ImageReference reference, ImmutableArray<string> mountFrom = default) => new(reference);

    /// <summary>Tries a login: at the registry, and at its token server if it has one. Nothing is stored.</summary>
    /// <returns>The login, to be kept with <see cref="DockerConfigFile.LoginAsync"/>.</returns>
    /// <exception cref="RegistryException">The login is wrong (IK2004), or the registry cannot be asked.</exception>
    public Task<Credential> LoginAsync(string registry, string username, string password, CancellationToken cancel = default) =>
        throw new NotSupportedException();

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
    }
}
