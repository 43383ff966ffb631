using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Builds and sends the requests of one repository.</summary>
/// <param name="transport">Sends them.</param>
/// <param name="endpoint">Where to.</param>
/// <param name="name">The repository.</param>
/// <param name="root">The root of the protocol below the endpoint, with a slash at its end.</param>
/// <param name="meant">The registry that a proxy is asked for, told in `?ns=`; null to tell nothing.</param>
internal sealed class RepositoryRequests(Transport transport, RegistryEndpoint endpoint, string name, string root = "v2/", string? meant = null)
{
    public Transport Transport => transport;

    public RegistryOptions Options => transport.Options;

    public RegistryEndpoint Endpoint => endpoint;

    public string Name => name;

    /// <summary>As users write it, for messages.</summary>
    public string FullName => $"{endpoint.Host}/{name}";

    /// <summary>Whether a request that fails is sent again here; not at a mirror, as the next endpoint is asked instead.</summary>
    public bool IsPatient { get; private init; } = !endpoint.IsMirror;

    /// <summary>Why nothing may be asked here; null where it may.</summary>
    public Block? Block { get; init; }

    public ScopeSet Pull { get; } = ScopeSet.OfRepository(name, "pull");

    public ScopeSet Push { get; } = ScopeSet.OfRepository(name, "pull", "push");

    public ScopeSet Delete { get; } = ScopeSet.OfRepository(name, "delete");

    /// <summary>The same repository, asked once and not again.</summary>
    public RepositoryRequests Once() => new(transport, endpoint, name, root, meant) { IsPatient = false, Block = Block };

    /// <param name="purpose">What the user wanted, as the end of a sentence that starts with "Could not".</param>
    /// <param name="method">The method.</param>
    /// <param name="path">Below the repository, such as `blobs/...`.</param>
    /// <param name="scopes">What a token has to grant.</param>
    /// <exception cref="ImageKitException">The repository is blocked (IK2044).</exception>
    public RegistryRequest Of(string purpose, HttpMethod method, string path, ScopeSet scopes) => Block is { } block ? throw block.Error : new()
    {
        Purpose = purpose,
        Method = method,
        Endpoint = endpoint,
        Path = $"{root}{name}/{path}{(meant is null ? "" : $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}ns={Uri.EscapeDataString(meant)}")}",
        Repository = name,
        Scopes = scopes,
        CanRetry = IsPatient,
    };

    public async Task<Answer> SendAsync(RegistryRequest request, CancellationToken cancel, params HttpStatusCode[] accept)
    {
        Answer answer = await transport.SendAsync(request, accept, cancel).ConfigureAwait(false);
        if (meant is not null && answer.Header("OCI-Namespace") is { Length: > 0 } told && told != meant && !endpoint.TellsOfOthers)
        {
            endpoint.TellsOfOthers = true; // once
            Options.Notices?.Report(new(endpoint.Host.Name, $"{endpoint.Host} was asked for {meant} and answered for {told}: it may be set up for another registry."));
        }
        return answer;
    }

    /// <summary>Deletes something; false if it is not there.</summary>
    /// <param name="purpose">As for <see cref="Of"/>.</param>
    /// <param name="path">Below the repository.</param>
    /// <param name="cancel">Stops the work.</param>
    public async Task<bool> DeleteAsync(string purpose, string path, CancellationToken cancel)
    {
        using Answer answer = await SendAsync(Of(purpose, HttpMethod.Delete, path, Delete), cancel, HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound).ConfigureAwait(false);
        return answer.Status != HttpStatusCode.NotFound;
    }

    /// <summary>Whether the descriptor is of what registries keep as manifests rather than blobs.</summary>
    public static bool IsManifest(Descriptor blob) => MediaTypes.IsManifest(blob.MediaType) || MediaTypes.IsIndex(blob.MediaType);
}
