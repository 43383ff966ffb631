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

    /// <summary>Mirrors, and how hosts are secured, as this client uses them.</summary>
    public MirrorConfiguration MirrorConfiguration => _transport.Mirrors;

    /// <summary>What came from which host so far, and how the hosts do.</summary>
    public ImmutableArray<HostTraffic> Traffic => _transport.Health.Traffic;

    /// <summary>
    /// Opens the repository that a reference names. Nothing is sent yet. Reading asks the mirrors that are configured for the reference first;
    /// everything else, writing above all, goes to the registry of the name alone.
    /// </summary>
    /// <param name="reference">Names registry and repository.</param>
    /// <param name="mountFrom">Repositories of the same registry that may have the blobs already, the likeliest first; they are mounted instead of sent.</param>
    public RegistryRepository Repository(ImageReference reference, ImmutableArray<string> mountFrom = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        RepositoryRequests itself = Itself(reference);
        ReadRoute route = new(itself, async cancel => PlannedRoute.Of(await PlanAsync(reference, itself, cancel).ConfigureAwait(false), _transport, itself));
        return new(itself, mountFrom.IsDefault ? [] : mountFrom, route);
    }

    /// <summary>Plans where an image is looked for, as <see cref="Repository"/> does it, and finds the logins that would be used.</summary>
    /// <exception cref="ImageKitException">A file of configuration is broken (IK2040).</exception>
    /// <exception cref="CredentialException">A file of logins is broken (IK2020) or a credential program failed (IK2021).</exception>
    public async Task<EndpointPlan> PlanAsync(ImageReference reference, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        RepositoryRequests itself = Itself(reference);
        EndpointPlan plan = await PlanAsync(reference, itself, cancel).ConfigureAwait(false);
        var endpoints = ImmutableArray.CreateBuilder<PlannedEndpoint>();
        foreach (PlannedEndpoint endpoint in plan.Endpoints)
        {
            if (!RegistryHost.TryParse(endpoint.Host, out _)) continue;
            RepositoryRequests requests = PlannedRoute.Requests(endpoint, _transport);
            Credential? login = await _transport.FindLoginAsync(requests.Endpoint, endpoint.Repository, cancel).ConfigureAwait(false);
            endpoints.Add(endpoint with { LoginOrigin = login?.Origin ?? Authorization.Anonymous });
        }
        return plan with { Endpoints = endpoints.ToImmutable() };
    }

    /// <summary>Asks every endpoint of the plan for an image, also those that are not used.</summary>
    /// <param name="reference">The image; `latest` if it has neither tag nor digest.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>What each answered, in the order of the plan.</returns>
    /// <exception cref="ImageKitException">A file of configuration is broken (IK2040), or the name is blocked (IK2044): then nobody is asked.</exception>
    public async Task<ImmutableArray<EndpointProbe>> ProbeAsync(ImageReference reference, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        EndpointPlan plan = await PlanAsync(reference.TagOrLatest, cancel).ConfigureAwait(false);
        plan.ThrowIfBlocked();
        return [.. await Task.WhenAll(plan.Endpoints.Select(endpoint => EndpointProbing.AskAsync(endpoint, PlannedRoute.Requests(endpoint, _transport), cancel))).ConfigureAwait(false)];
    }

    /// <summary>Lists the repositories of a registry, page by page as they are read. Many registries do not tell.</summary>
    /// <param name="registry">The registry as users name it, such as `localhost:5000`.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="RegistryException">The registry does not tell, or could not be asked (IK20xx).</exception>
    /// <exception cref="ImageKitException">The registry is blocked (IK2044).</exception>
    public IAsyncEnumerable<string> ListRepositoriesAsync(string registry, CancellationToken cancel = default)
    {
        RegistryHost host = RegistryHost.Parse(registry);
        return _transport.Mirrors.BlockOf(host) is { } block ? throw block.Error : NamePages.Repositories(_transport, _transport.Endpoint(host)).ReadAsync(cancel);
    }

    /// <summary>Tries a login: at the registry, and at its token server if it has one. Nothing is stored.</summary>
    /// <param name="registry">The registry as users name it, such as `docker.io`.</param>
    /// <param name="username">The user.</param>
    /// <param name="password">The password or access token.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>
    /// The login, to be kept with <see cref="DockerConfigFile.LoginAsync"/>: an identity token in place of the password where the token server gives one. A registry that asks
    /// for none takes any.
    /// </returns>
    /// <exception cref="RegistryException">The login is wrong (IK2004), or the registry cannot be asked.</exception>
    public async Task<Credential> LoginAsync(string registry, string username, string password, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(username);
        RegistryHost host = RegistryHost.Parse(registry);
        Credential credential = new() { Username = username, Password = password, Origin = $"the login of '{username}' just given" };
        Transport transport = _transport.ToLogIn(new FixedCredentials(host.Name, credential)); // shares the connections: not disposed
        RegistryRequest request = new()
        {
            Purpose = $"log in to {host}",
            Method = HttpMethod.Get,
            Endpoint = transport.Endpoint(host),
            Path = "v2/",
        };
        using Answer answer = await transport.SendAsync(request, [HttpStatusCode.OK], cancel).ConfigureAwait(false);
        // A token that stands for the login, if there is one: then the password need not be kept.
        return transport.Refresh.Given is { } token ? credential with { Password = "", IdentityToken = token } : credential;
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _transport.Dispose();

    private RepositoryRequests Itself(ImageReference reference) =>
        new(_transport, _transport.Endpoint(_transport.KeyOf(reference)), reference.Repository) { Block = _transport.Mirrors.BlockOf(reference) };

    private async ValueTask<EndpointPlan> PlanAsync(ImageReference reference, RepositoryRequests itself, CancellationToken cancel)
    {
        EndpointPlan plan = EndpointPlan.For(reference, _transport.Mirrors);
        // What needs a login may be private: a mirror must not learn its name. Docker Hub's official images are not.
        bool isPublic = reference is { Registry: ImageReference.DockerHub } && reference.Repository.StartsWith("library/", StringComparison.Ordinal);
        if (isPublic || plan.Logins == LoginPolicy.UseMirrors || !plan.Used.Any(endpoint => endpoint.IsMirror)) return plan;
        Credential? login = await _transport.FindLoginAsync(itself.Endpoint, reference.Repository, cancel).ConfigureAwait(false);
        if (login is null) return plan;
        string why = $"there is a login for {reference.Registry}, so the image may be private; 'with-login' in imagekit.toml allows it";
        return plan with { Endpoints = [.. plan.Endpoints.Select(endpoint => endpoint.IsMirror ? endpoint with { Skipped = endpoint.Skipped ?? why } : endpoint)] };
    }
}
