using System.Collections.Immutable;
using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// Talks to registries over the OCI distribution protocol. One client serves any number of registries and threads; it holds the
/// connections, the tokens and what it learnt of each host.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md"/>
public sealed class RegistryClient : IDisposable
{
    private readonly Transport _transport;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    public RegistryClient(RegistryOptions? options = null) => _transport = new(options ?? new());

    /// <summary>How this client works.</summary>
    public RegistryOptions Options => _transport.Options;

    /// <summary>Opens the repository that a reference names; its tag and digest do not matter here. Nothing is sent yet.</summary>
    /// <param name="reference">Names registry and repository.</param>
    /// <param name="mountFrom">Repositories of the same registry that may have the blobs already, the likeliest first; they are mounted instead of sent.</param>
    public RegistryRepository Repository(ImageReference reference, ImmutableArray<string> mountFrom = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        RegistryEndpoint endpoint = _transport.Endpoint(RegistryHost.Parse(reference.Registry));
        return new(new RepositoryRequests(_transport, endpoint, reference.Repository), mountFrom.IsDefault ? [] : mountFrom);
    }

    /// <summary>Tries a login: at the registry, and at its token server if it has one. Nothing is stored.</summary>
    /// <param name="registry">The registry as users name it, such as `docker.io`.</param>
    /// <param name="username">The user.</param>
    /// <param name="password">The password or access token.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The login, to be kept with <see cref="DockerConfigFile.LoginAsync"/>. A registry that asks for none takes any.</returns>
    /// <exception cref="RegistryException">The login is wrong (IK2004), or the registry cannot be asked.</exception>
    public async Task<Credential> LoginAsync(string registry, string username, string password, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(username);
        RegistryHost host = RegistryHost.Parse(registry);
        Credential credential = new() { Username = username, Password = password, Origin = $"the login of '{username}' just given" };
        Transport transport = _transport.With(new FixedCredentials(host.Name, credential)); // shares the connections: not disposed
        RegistryRequest request = new()
        {
            Purpose = $"log in to {host}",
            Method = HttpMethod.Get,
            Endpoint = transport.Endpoint(host),
            Path = "v2/",
        };
        using Answer answer = await transport.SendAsync(request, [HttpStatusCode.OK], cancel).ConfigureAwait(false);
        return credential;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();
}
