using System.Diagnostics;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Asks one endpoint for an image, and measures.</summary>
internal static class EndpointProbing
{
    public static async Task<EndpointProbe> AskAsync(PlannedEndpoint endpoint, RepositoryRequests requests, CancellationToken cancel)
    {
        string name = endpoint.Reference.Digest?.ToString() ?? endpoint.Reference.Tag!;
        long started = Stopwatch.GetTimestamp();
        try
        {
            Descriptor? found = await new ManifestRequests(requests.Once()).DescribeAsync(name, cancel).ConfigureAwait(false);
            return new(endpoint, found, Stopwatch.GetElapsedTime(started), null);
        }
        catch (RegistryException error)
        {
            return new(endpoint, null, Stopwatch.GetElapsedTime(started), error);
        }
    }
}
