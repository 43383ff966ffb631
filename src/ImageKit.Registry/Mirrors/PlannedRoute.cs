using System.Collections.Immutable;

namespace ImageKit.Registry;

/// <summary>A plan, ready to be asked.</summary>
/// <param name="Content">Who is asked for content by digest, the repository itself last.</param>
/// <param name="Resolving">Who is asked for tags, the repository itself last.</param>
/// <param name="Tags">Who says what a tag means.</param>
/// <param name="Order">In which order mirrors are asked.</param>
internal sealed record PlannedRoute(ImmutableArray<RepositoryRequests> Content, ImmutableArray<RepositoryRequests> Resolving, TagPolicy Tags, MirrorOrder Order = MirrorOrder.Listed)
{
    /// <summary>Turns a plan into requests.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="transport">Sends them.</param>
    /// <param name="itself">The repository of the name, which is asked last unless it was moved.</param>
    /// <exception cref="ImageKitException">Pulling is forbidden (IK2044).</exception>
    public static PlannedRoute Of(EndpointPlan plan, Transport transport, RepositoryRequests itself)
    {
        plan.ThrowIfBlocked();
        if (!plan.Upstream.IsUsed)
        {
            throw new ImageKitException("IK2045", $"{plan.Reference.Familiar} cannot be asked for where the configuration says it is.", $"{plan.Upstream.Place}: {plan.Upstream.Skipped}.", "Mend the location of the registry in that file.");
        }
        RepositoryRequests last = plan.Rule?.Upstream is null ? itself : Requests(plan.Upstream, transport);
        (PlannedEndpoint Endpoint, RepositoryRequests Requests)[] mirrors = [.. plan.Used.Where(endpoint => endpoint.IsMirror).Select(endpoint => (endpoint, Requests(endpoint, transport)))];
        return new(
            [.. from mirror in mirrors where mirror.Endpoint.Uses.HasFlag(EndpointUses.Pull) select mirror.Requests, last],
            [.. from mirror in mirrors where mirror.Endpoint.Uses.HasFlag(EndpointUses.Resolve) select mirror.Requests, last],
            plan.Tags, plan.Order);
    }

    /// <summary>The requests of one endpoint of a plan.</summary>
    public static RepositoryRequests Requests(PlannedEndpoint endpoint, Transport transport)
    {
        EndpointKey key = new(RegistryHost.Parse(endpoint.Host))
        {
            Scheme = endpoint.Scheme,
            Tls = endpoint.Tls,
            IsMirror = endpoint.IsMirror,
            Headers = string.Join('\n', endpoint.Headers.Select(header => $"{header.Name}: {header.Value}")),
            ConnectTimeout = endpoint.ConnectTimeout,
        };
        return new(transport, transport.Endpoint(key), endpoint.Repository, endpoint.RootPath[1..], endpoint.Namespace);
    }
}
