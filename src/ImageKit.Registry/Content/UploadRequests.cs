using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>The requests of one upload, from its opening to its end.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs"/>
internal sealed class UploadRequests(RepositoryRequests requests)
{
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(5);

    /// <summary>Opens an upload, or takes the blob from another repository.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="from">The repository to mount from; null for any that the registry knows of.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Null if the registry has the blob now. A refused mount is no failure: the plain upload may still be allowed.</returns>
    public async Task<UploadSession?> StartAsync(Descriptor blob, string? from, CancellationToken cancel)
    {
        bool mounts = from is not null || !requests.Endpoint.RefusesOpenMount;
        RegistryRequest request = StartRequest(blob, from, mounts);
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.Accepted, HttpStatusCode.Created).ConfigureAwait(false);
            if (answer.Status == HttpStatusCode.Created) return null;
            return SessionOf(request, answer);
        }
        catch (RegistryException error) when (from is not null && IsRefusal(error))
        {
            return await StartAsync(blob, from: null, cancel).ConfigureAwait(false);
        }
        catch (RegistryException error) when (mounts && IsRefusal(error) && error.Status is not (401 or 403))
        {
            requests.Endpoint.RefusesOpenMount = true; // some take no mount without a repository to mount from
            return await StartAsync(blob, from: null, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a small blob with the request that opens its upload.</summary>
    /// <returns>Null if the registry has it now; else the session that it opened instead, or none: then it takes no blobs in this way.</returns>
    /// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#single-post"/>
    public async Task<(bool Done, UploadSession? Session)> TryWholeAsync(Descriptor blob, byte[] bytes, CancellationToken cancel)
    {
        RegistryRequest plain = StartRequest(blob, from: null, mounts: false);
        RegistryRequest request = plain with
        {
            Path = $"{plain.Path.Split('?')[0]}?digest={Uri.EscapeDataString(blob.Digest.ToString())}",
            Body = () =>
            {
                ByteArrayContent body = new(bytes);
                body.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
                return body;
            },
        };
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.Created, HttpStatusCode.Accepted).ConfigureAwait(false);
            requests.Endpoint.TakesWholePosts = answer.Status == HttpStatusCode.Created;
            return answer.Status == HttpStatusCode.Created ? (true, null) : (false, SessionOf(request, answer));
        }
        catch (RegistryException error) when (IsRefusal(error) && error.Status is not (401 or 403))
        {
            requests.Endpoint.TakesWholePosts = false;
            return (false, null);
        }
    }

    /// <summary>Asks how far an upload came; null if it cannot be gone on with.</summary>
    public async Task<UploadSession?> AskAsync(Descriptor blob, UploadSession session, CancellationToken cancel)
    {
        RegistryRequest request = Of(blob, HttpMethod.Get, session.Url);
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.NoContent, HttpStatusCode.Accepted, HttpStatusCode.OK).ConfigureAwait(false);
            UploadSession now = After(answer, session);
            return now.Offset <= blob.Size ? now : null;
        }
        catch (RegistryException)
        {
            return null; // the failure that led here, or the next one, is the one to report
        }
    }

    /// <summary>Sends all of a blob and closes the upload, in one request.</summary>
    public Task SendWholeAsync(Descriptor blob, Stream content, UploadSession session, CancellationToken cancel) =>
        FinishAsync(blob, content, blob.Size, session, cancel);

    /// <summary>Sends the next bytes.</summary>
    /// <returns>The upload as it goes on.</returns>
    public async Task<UploadSession> SendChunkAsync(Descriptor blob, Stream content, long length, UploadSession session, CancellationToken cancel)
    {
        long end = session.Offset + length;
        RegistryRequest request = Of(blob, HttpMethod.Patch, session.Url);
        using Answer answer = await SendBodyAsync(request, content, length, $"{session.Offset}-{end - 1}", cancel, HttpStatusCode.Accepted, HttpStatusCode.NoContent, HttpStatusCode.Created).ConfigureAwait(false);
        UploadSession next = After(answer, session with { Offset = end });
        return next.Offset == end ? next : throw Short(request, answer, next.Offset, end);
    }

    /// <summary>Closes an upload whose bytes are all there, or that <paramref name="length"/> more complete.</summary>
    public async Task FinishAsync(Descriptor blob, Stream content, long length, UploadSession session, CancellationToken cancel)
    {
        RegistryRequest request = Of(blob, HttpMethod.Put, WithDigest(session.Url, blob.Digest));
        using Answer answer = await SendBodyAsync(request, content, length, null, cancel, HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.NoContent).ConfigureAwait(false);
    }

    /// <summary>Tells the registry to drop an upload. It does so by itself some day, so failures do not matter.</summary>
    public async Task CancelAsync(UploadSession session)
    {
        using CancellationTokenSource limit = new(CancelLimit, requests.Options.Time);
        RegistryRequest request = requests.Of($"cancel an upload to {requests.FullName}", HttpMethod.Delete, "", requests.Push) with { Url = session.Url, CanRetry = false };
        try
        {
            using Answer answer = await requests.SendAsync(request, limit.Token, HttpStatusCode.NoContent, HttpStatusCode.OK, HttpStatusCode.Accepted).ConfigureAwait(false);
        }
        catch (Exception error) when (error is RegistryException or OperationCanceledException)
        {
            // The error that led here is the one to report.
        }
    }

    private static bool IsRefusal(RegistryException error) => error.Status is >= 400 and < 500 and not 429;

    private UploadSession SessionOf(RegistryRequest request, Answer answer)
    {
        string location = answer.Header("Location") ?? throw AnswerFaults.Bad(request, answer, "It opened an upload without saying where.");
        bool least = int.TryParse(answer.Header("OCI-Chunk-Min-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out int bytes);
        return new(UrlPolicy.Resolve(answer.Url, location, requests.Endpoint), 0, least ? bytes : 0);
    }

    private RegistryRequest StartRequest(Descriptor blob, string? from, bool mounts)
    {
        RegistryRequest plain = requests.Of($"push the blob {blob.Digest} to {requests.FullName}", HttpMethod.Post, "blobs/uploads/", requests.Push) with
        {
            Body = () => new ByteArrayContent([]),
        };
        if (!mounts) return blob.Digest.Algorithm == "sha256" ? plain : plain with { Path = $"{plain.Path}?digest-algorithm={blob.Digest.Algorithm}" };
        RegistryRequest open = plain with { Path = $"{plain.Path}?mount={Uri.EscapeDataString(blob.Digest.ToString())}{(blob.Digest.Algorithm == "sha256" ? "" : $"&digest-algorithm={blob.Digest.Algorithm}")}" };
        return from is null ? open : open with
        {
            Path = $"{open.Path}&from={Uri.EscapeDataString(from)}",
            Scopes = requests.Push.Union(ScopeSet.OfRepository(from, "pull")),
        };
    }

    private RegistryRequest Of(Descriptor blob, HttpMethod method, Uri url) =>
        requests.Of($"push the blob {blob.Digest} to {requests.FullName}", method, "", requests.Push) with { Url = url };

    // A body is sent once: what the registry has of it is asked for before the rest is sent.
    private async Task<Answer> SendBodyAsync(RegistryRequest request, Stream content, long length, string? range, CancellationToken cancel, params HttpStatusCode[] accept)
    {
        ExceptionDispatchInfo? sourceFailure = null;
        RegistryRequest once = request with
        {
            CanRetry = false,
            CanRepeatBody = length == 0,
            Body = () => new BlobBody(content, length, range, error => sourceFailure = ExceptionDispatchInfo.Capture(error)),
        };
        try
        {
            return await requests.SendAsync(once, cancel, accept).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ImageKitException or IOException or UnauthorizedAccessException)
        {
            sourceFailure?.Throw(); // the network's complaint about the missing rest would hide it
            throw;
        }
    }

    // Each answer may name another URL to go on at.
    private UploadSession After(Answer answer, UploadSession session)
    {
        Uri url = answer.Header("Location") is { Length: > 0 } location ? UrlPolicy.Resolve(answer.Url, location, requests.Endpoint) : session.Url;
        return session with { Url = url, Offset = ReadOffset(answer.Header("Range"), session.Offset) };
    }

    // `0-99` is a hundred bytes. `0-0` is one, or none: registries send it for an empty upload too.
    private static long ReadOffset(string? range, long expected)
    {
        ReadOnlySpan<char> text = range;
        int dash = text.IndexOf('-');
        if (dash < 0 || !long.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long last) || last == long.MaxValue) return expected;
        return last > 0 ? last + 1 : Math.Min(expected, 1);
    }

    private static RegistryException Short(RegistryRequest request, Answer answer, long has, long sent) =>
        new("IK2011", RegistryErrorKind.ServerFailed, $"Could not {request.Purpose}: {answer.Url.Authority} took {has} of the {sent} bytes that were sent.",
            mend: "Try again; if it stays, ask the operators of the registry.")
        { Host = request.Endpoint.Host.Name, Request = request.ToString(), Status = (int)answer.Status };

    private static Uri WithDigest(Uri session, Digest digest) =>
        new($"{session.AbsoluteUri}{(session.Query.Length > 0 ? "&" : "?")}digest={Uri.EscapeDataString(digest.ToString())}");
}
