using System.Globalization;
using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Asks whether a repository has a blob.</summary>
internal static class BlobPresence
{
    public static async Task<bool> AskAsync(RepositoryRequests requests, Descriptor blob, CancellationToken cancel)
    {
        RegistryRequest request = requests.Of($"look for the blob {blob.Digest} in {requests.FullName}", HttpMethod.Head, $"blobs/{blob.Digest}", requests.Pull);
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.NotFound).ConfigureAwait(false);
            return answer.Status == HttpStatusCode.OK && (answer.Length is null || answer.Length == blob.Size);
        }
        catch (RegistryException error) when (error.Status is 400 or 401 or 403 or 405 or 501)
        {
            // The refusal of a HEAD has no body that says why, and some registries refuse the method: one byte by GET tells.
            using Answer answer = await requests.SendAsync(request with { Method = HttpMethod.Get, Headers = [("Range", "bytes=0-0")] }, cancel,
                HttpStatusCode.OK, HttpStatusCode.PartialContent, HttpStatusCode.RequestedRangeNotSatisfiable, HttpStatusCode.NotFound).ConfigureAwait(false);
            return answer.Status != HttpStatusCode.NotFound; // an empty blob has no first byte: 416
        }
    }

    /// <summary>Asks how long a blob is; null if the repository has it not.</summary>
    /// <exception cref="RegistryException">The registry could not be asked, or does not tell (IK20xx).</exception>
    public static async Task<long?> FindSizeAsync(RepositoryRequests requests, Digest digest, CancellationToken cancel)
    {
        RegistryRequest request = requests.Of($"look for the blob {digest} in {requests.FullName}", HttpMethod.Head, $"blobs/{digest}", requests.Pull);
        try
        {
            using Answer head = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.NotFound).ConfigureAwait(false);
            if (head.Status == HttpStatusCode.NotFound) return null;
            if (head.Length is { } length) return length;
        }
        catch (RegistryException error) when (error.Status is 400 or 401 or 403 or 405 or 501)
        {
            // As above: one byte by GET tells.
        }
        request = request with { Method = HttpMethod.Get, Headers = [("Range", "bytes=0-0"), ("Accept-Encoding", "identity")] };
        using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.PartialContent, HttpStatusCode.RequestedRangeNotSatisfiable, HttpStatusCode.NotFound).ConfigureAwait(false);
        if (answer.Status is HttpStatusCode.NotFound) return null;
        if (answer.Status is HttpStatusCode.OK && answer.Length is { } whole) return whole;
        if (answer.Status is HttpStatusCode.RequestedRangeNotSatisfiable) return 0;
        string total = (answer.Header("Content-Range") ?? "").Split('/')[^1];
        return long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : throw AnswerFaults.Bad(request, answer, "It does not tell how long the blob is.");
    }
}
