using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Deletes blobs.</summary>
internal static class BlobRemoval
{
    public static async Task<bool> RunAsync(RepositoryRequests requests, Digest digest, CancellationToken cancel)
    {
        RegistryRequest request = requests.Of($"delete the blob {digest} of {requests.FullName}", HttpMethod.Delete, $"blobs/{digest}", requests.Delete);
        using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound).ConfigureAwait(false);
        return answer.Status != HttpStatusCode.NotFound;
    }
}
