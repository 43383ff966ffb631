using System.Collections.Immutable;
using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Lists what is about a manifest: as the registry lists it, else from the tag that clients keep in its place.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers"/>
internal sealed class ReferrerList(RepositoryRequests requests)
{
    private const int MostPages = 10_000;

    private volatile bool _lacksApi;

    public async Task<ImmutableArray<Descriptor>> ReadAsync(Digest subject, string? artifactType, CancellationToken cancel)
    {
        ImmutableArray<Descriptor> all = await ReadApiAsync(subject, artifactType, cancel).ConfigureAwait(false)
            ?? (await new ReferrerIndex(requests).ReadAsync(subject, cancel).ConfigureAwait(false)).Entries;
        return artifactType is null ? all : [.. all.Where(entry => entry.ArtifactType == artifactType)]; // not every registry filters
    }

    /// <summary>The registry's own list; null if it has none.</summary>
    public async Task<ImmutableArray<Descriptor>?> ReadApiAsync(Digest subject, string? artifactType, CancellationToken cancel)
    {
        if (_lacksApi) return null;
        string query = artifactType is null ? "" : "?artifactType=" + Uri.EscapeDataString(artifactType);
        RegistryRequest? next = requests.Of($"list what is about {subject} in {requests.FullName}", HttpMethod.Get, $"referrers/{subject}{query}", requests.Pull) with { Headers = [("Accept", MediaTypes.Index)] };
        HashSet<Uri> seen = [];
        var found = ImmutableArray.CreateBuilder<Descriptor>();
        while (next is { } request && seen.Count < MostPages && seen.Add(request.Target))
        {
            (ImmutableArray<Descriptor>? page, next) = await PageAsync(request, cancel).ConfigureAwait(false);
            if (page is null && found.Count > 0) throw Cut();
            if (page is null) return null;
            found.AddRange(page.Value);
        }
        return [.. found.DistinctBy(entry => entry.Digest)];
    }

    private async Task<(ImmutableArray<Descriptor>? Page, RegistryRequest? Next)> PageAsync(RegistryRequest request, CancellationToken cancel)
    {
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotImplemented).ConfigureAwait(false);
            if (answer.Status != HttpStatusCode.OK)
            {
                _lacksApi = true; // a registry that has it answers with an empty list
                return (null, null);
            }
            RegistryRequest? next = LinkHeader.Next(answer.Header("Link")) is { } link ? request with { Url = UrlPolicy.Resolve(answer.Url, link, requests.Endpoint) } : null;
            byte[]? bytes = await answer.ReadAsync(requests.Options.MaxManifestBytes, cancel).ConfigureAwait(false);
            return (bytes is null ? null : ReferrerIndex.Parse(bytes), next);
        }
        catch (RegistryException error) when (error.Status is >= 400 and < 500 and not 429)
        {
            return (null, null); // some refuse what they do not know, and want no login for it
        }
        catch (IOException error)
        {
            throw ConnectionFaults.Read(new Exchange(request, requests.Options.Time), request.Target, error);
        }
    }

    private RegistryException Cut() => new("IK2011", RegistryErrorKind.BadAnswer, $"The list of what is about a manifest of {requests.FullName} ends in the middle.",
        mend: "Try again; if it stays, ask the operators of the registry.")
    { Host = requests.Endpoint.Host.Name };
}
