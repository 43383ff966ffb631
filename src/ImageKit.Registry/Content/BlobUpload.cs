using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Brings blobs into a repository: by mounting, or by one upload whose length is known.</summary>
internal sealed class BlobUpload(RepositoryRequests requests)
{
    private const int MostMounts = 3;
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(5);

    private RegistryOptions Options => requests.Options;

    /// <summary>Mounts the blob from the first repository that has it.</summary>
    /// <returns>Null if it is here now, else the session that the registry opened instead, to be used or cancelled.</returns>
    public async Task<Uri?> MountAsync(Descriptor blob, ImmutableArray<string> from, CancellationToken cancel)
    {
        Uri? session = null;
        foreach (string repository in from.Take(MostMounts))
        {
            if (session is not null) await CancelAsync(session).ConfigureAwait(false);
            session = await StartAsync(blob, repository, cancel).ConfigureAwait(false);
            if (session is null) return null;
        }
        return session;
    }

    /// <summary>Uploads the blob; what can be opened again is sent again if the connection breaks.</summary>
    /// <param name="blob">What is sent.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="session">A session opened before, or null.</param>
    /// <param name="cancel">Stops the work; the session is closed then.</param>
    public async Task SendAsync(Descriptor blob, BlobSource source, Uri? session, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            session ??= await StartAsync(blob, from: null, cancel).ConfigureAwait(false);
            if (session is null) return; // it turned out to be there
            try
            {
                await SendOnceAsync(blob, source, session, cancel).ConfigureAwait(false);
                return;
            }
            catch (RegistryException error) when (source.CanRepeat && attempt < Options.Retries.Attempts && MayPass(error, attempt))
            {
                await CancelAsync(session).ConfigureAwait(false);
                session = null;
                await Task.Delay(Wait(error, attempt), Options.Time, cancel).ConfigureAwait(false);
            }
            catch (Exception error) when (error is ImageKitException or IOException or OperationCanceledException or UnauthorizedAccessException)
            {
                await CancelAsync(session).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Tells the registry to drop a session. It does so by itself some day, so failures do not matter.</summary>
    public async Task CancelAsync(Uri session)
    {
        using CancellationTokenSource limit = new(CancelLimit, Options.Time);
        RegistryRequest request = requests.Of($"cancel an upload to {requests.FullName}", HttpMethod.Delete, "", requests.Push) with { Url = session, CanRetry = false };
        try
        {
            using Answer answer = await requests.SendAsync(request, limit.Token, HttpStatusCode.NoContent, HttpStatusCode.OK, HttpStatusCode.Accepted).ConfigureAwait(false);
        }
        catch (Exception error) when (error is RegistryException or OperationCanceledException)
        {
            // The error that led here is the one to report.
        }
    }

    // Null: the registry has the blob now. A refused mount is no failure: the plain upload may still be allowed.
    private async Task<Uri?> StartAsync(Descriptor blob, string? from, CancellationToken cancel)
    {
        RegistryRequest request = StartRequest(blob, from);
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.Accepted, HttpStatusCode.Created).ConfigureAwait(false);
            if (answer.Status == HttpStatusCode.Created) return null;
            string location = answer.Header("Location") ?? throw AnswerFaults.Bad(request, answer, "It opened an upload without saying where.");
            return UrlPolicy.Resolve(answer.Url, location, requests.Endpoint);
        }
        catch (RegistryException error) when (from is not null && error.Status is >= 400 and < 500 and not 429)
        {
            return await StartAsync(blob, from: null, cancel).ConfigureAwait(false);
        }
    }

    private RegistryRequest StartRequest(Descriptor blob, string? from)
    {
        RegistryRequest plain = requests.Of($"push the blob {blob.Digest} to {requests.FullName}", HttpMethod.Post, "blobs/uploads/", requests.Push) with
        {
            Body = () => new ByteArrayContent([]),
        };
        return from is null ? plain : plain with
        {
            Path = $"{plain.Path}?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(from)}",
            Scopes = requests.Push.Union(ScopeSet.OfRepository(from, "pull")),
        };
    }

    private async Task SendOnceAsync(Descriptor blob, BlobSource source, Uri session, CancellationToken cancel)
    {
        ExceptionDispatchInfo? sourceFailure = null;
        Stream content = Verified(blob, await source.OpenAsync(cancel).ConfigureAwait(false));
        await using ConfiguredAsyncDisposable closing = content.ConfigureAwait(false);
        RegistryRequest request = requests.Of($"push the blob {blob.Digest} to {requests.FullName}", HttpMethod.Put, "", requests.Push) with
        {
            Url = WithDigest(session, blob.Digest),
            CanRetry = false, // a session half filled is not sent to again: a new one is opened
            CanRepeatBody = false,
            Body = () => new BlobBody(content, blob.Size, error => sourceFailure = ExceptionDispatchInfo.Capture(error)),
        };
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.NoContent).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ImageKitException or IOException or UnauthorizedAccessException)
        {
            sourceFailure?.Throw(); // the network's complaint about the missing rest would hide it
            throw;
        }
    }

    // What verifies already is not hashed twice.
    private static Stream Verified(Descriptor blob, Stream content) =>
        content is VerifyingStream { Untouched: true } verifying && verifying.Expected.Digest == blob.Digest ? content : new VerifyingStream(content, blob);

    private static Uri WithDigest(Uri session, Digest digest) =>
        new($"{session.AbsoluteUri}{(session.Query.Length > 0 ? "&" : "?")}digest={Uri.EscapeDataString(digest.ToString())}");

    // A login that ended in mid-push is renewed by the next session's opening.
    private static bool MayPass(RegistryException error, int attempt) => (error.Status == 401 && attempt == 1) ||
        error.Kind is RegistryErrorKind.Network or RegistryErrorKind.TimedOut or RegistryErrorKind.ServerFailed or RegistryErrorKind.RateLimited
        || error.Errors.Any(said => said.Code == "BLOB_UPLOAD_UNKNOWN");

    private TimeSpan Wait(RegistryException error, int attempt)
    {
        TimeSpan wait = error.RetryAfter ?? Options.Retries.FirstDelay * Math.Pow(2, attempt - 1);
        return wait < Options.Retries.LongestDelay ? wait : Options.Retries.LongestDelay;
    }
}
