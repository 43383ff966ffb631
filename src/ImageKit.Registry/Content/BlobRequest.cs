using System.Globalization;
using System.Net;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Asks one endpoint for a blob, or a part of it.</summary>
internal static class BlobRequest
{
    /// <summary>Opens the blob from a byte on.</summary>
    /// <param name="requests">Who is asked.</param>
    /// <param name="blob">What is asked for.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="to">The byte behind the last one, or null for the end.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The bytes, and whether the server takes range requests.</returns>
    /// <exception cref="ContentException">The blob is not there (IK1101), or of another size (IK1102).</exception>
    /// <exception cref="IOException">The connection broke while bytes were read past.</exception>
    public static async Task<(Stream Body, bool KnowsRanges)> OpenAsync(RepositoryRequests requests, Descriptor blob, long from, long? to, CancellationToken cancel)
    {
        RegistryRequest request = Of(requests, blob, from, to);
        Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.PartialContent, HttpStatusCode.NotFound).ConfigureAwait(false);
        try
        {
            Check(requests, request, answer, blob, from);
            bool partial = answer.Status == HttpStatusCode.PartialContent;
            if (to is not null && !partial) throw new IOException("The server takes no notice of ranges.");
            AnswerStream body = await answer.OpenAsync(cancel).ConfigureAwait(false);
            // Not every server knows ranges: then it sends all, and what we have is read past.
            if (from > 0 && !partial) await BlobCopy.SkipAsync(body, from, cancel).ConfigureAwait(false);
            return (body, partial || string.Equals(answer.Header("Accept-Ranges"), "bytes", StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception error) when (error is ImageKitException or IOException or OperationCanceledException)
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>The request as it is sent, for messages too.</summary>
    public static RegistryRequest Of(RepositoryRequests requests, Descriptor blob, long from, long? to = null)
    {
        string end = to is { } behind ? (behind - 1).ToString(CultureInfo.InvariantCulture) : "";
        return requests.Of($"pull the blob {blob.Digest} of {requests.FullName}", HttpMethod.Get, $"blobs/{blob.Digest}", requests.Pull) with
        {
            Headers = from == 0 && to is null ? [("Accept-Encoding", "identity")] : [("Accept-Encoding", "identity"), ("Range", $"bytes={from}-{end}")],
        };
    }

    private static void Check(RepositoryRequests requests, RegistryRequest request, Answer answer, Descriptor blob, long from)
    {
        if (answer.Status == HttpStatusCode.NotFound) throw ContentFaults.Missing(blob, requests.FullName);
        if (answer.Header("Content-Encoding") is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw AnswerFaults.Bad(request, answer, $"It encoded the blob as '{encoding}', which was not asked for.");
        }
        if (answer.Status == HttpStatusCode.PartialContent)
        {
            bool right = answer.Header("Content-Range") is { } range && range.StartsWith($"bytes {from}-", StringComparison.OrdinalIgnoreCase);
            if (!right) throw AnswerFaults.Bad(request, answer, $"It sent another range than the one from {from} on.");
        }
        else if (answer.Length is { } length && length != blob.Size)
        {
            throw length < blob.Size ? ContentFaults.TooShort(blob, length) : ContentFaults.TooLong(blob);
        }
    }
}
