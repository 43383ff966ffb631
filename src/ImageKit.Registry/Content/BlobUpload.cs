using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>
/// Brings blobs into a repository: by mounting, or by an upload. An upload is one request; where that fails it goes on from what the registry
/// has, in this process or a later one, and where requests are too large for what lies between, in chunks.
/// </summary>
internal sealed class BlobUpload(RepositoryRequests requests)
{
    private const int MostMounts = 3;
    private const int FirstChunk = 16 * 1024 * 1024, SmallestChunk = 256 * 1024;
    private const int WholeBytes = 4096; // goes out with the head of the request, before any answer could come
    private const long Progress = 1024 * 1024; // bytes that make a further failure count as the first again

    private readonly UploadRequests _uploads = new(requests);

    private RegistryOptions Options => requests.Options;

    /// <summary>Mounts the blob from the first repository that has it.</summary>
    /// <returns>Null if it is here now, else the session that the registry opened instead, to be used or cancelled.</returns>
    public async Task<UploadSession?> MountAsync(Descriptor blob, ImmutableArray<string> from, CancellationToken cancel)
    {
        UploadSession? session = null;
        foreach (string repository in from.Take(MostMounts))
        {
            if (session is not null) await _uploads.CancelAsync(session).ConfigureAwait(false);
            session = await _uploads.StartAsync(blob, repository, cancel).ConfigureAwait(false);
            if (session is null) return null;
        }
        return session;
    }

    /// <summary>Uploads the blob; what can be opened again is sent on from where the connection broke.</summary>
    /// <param name="blob">What is sent.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="opened">A session opened before, or null.</param>
    /// <param name="cancel">Stops the work; the session is closed then.</param>
    public async Task SendAsync(Descriptor blob, BlobSource source, UploadSession? opened, CancellationToken cancel)
    {
        if (opened is null && blob.Size <= WholeBytes && source.CanRepeat && requests.Endpoint.TakesWholePosts != false)
        {
            (bool done, opened) = await TryWholeAsync(blob, source, cancel).ConfigureAwait(false);
            if (done) return;
        }
        using UploadRecord? record = UploadRecord.TryOpen(Options.SessionFolder, requests, blob);
        UploadSession? session = await EarlierAsync(blob, record, cancel).ConfigureAwait(false);
        if (session is null) session = opened;
        else if (opened is not null) await _uploads.CancelAsync(opened).ConfigureAwait(false);
        int chunk = Options.UploadChunkBytes;
        for (int attempt = 1; ; attempt++)
        {
            session ??= await _uploads.StartAsync(blob, from: null, cancel).ConfigureAwait(false);
            if (session is null) return; // it turned out to be there
            record?.Write(session);
            try
            {
                await SendRestAsync(blob, source, session, chunk, record, cancel).ConfigureAwait(false);
                record?.Forget();
                return;
            }
            catch (RegistryException error) when (source.CanRepeat && attempt < Options.Retries.Attempts && MayPass(error, attempt, chunk))
            {
                if (error.Status == 413) chunk = chunk == 0 ? FirstChunk : chunk / 4;
                UploadSession? next = error.Status == 413 ? null : await _uploads.AskAsync(blob, session, cancel).ConfigureAwait(false);
                if (next is null) await _uploads.CancelAsync(session).ConfigureAwait(false);
                else if (next.Offset >= session.Offset + Progress) attempt = 0;
                session = next;
                await Task.Delay(Wait(error, Math.Max(1, attempt)), Options.Time, cancel).ConfigureAwait(false);
            }
            catch (RegistryException error) when (record is not null && source.CanRepeat && error.Kind is RegistryErrorKind.Network or RegistryErrorKind.TimedOut)
            {
                throw; // the session stays, for the next try of the user
            }
            catch (Exception error) when (error is ImageKitException or IOException or OperationCanceledException or UnauthorizedAccessException)
            {
                record?.Forget();
                await _uploads.CancelAsync(session).ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task<(bool Done, UploadSession? Session)> TryWholeAsync(Descriptor blob, BlobSource source, CancellationToken cancel)
    {
        byte[] bytes = new byte[blob.Size];
        Stream content = Verified(blob, await source.OpenAsync(cancel).ConfigureAwait(false));
        await using (content.ConfigureAwait(false)) await content.ReadExactlyAsync(bytes, cancel).ConfigureAwait(false);
        return await _uploads.TryWholeAsync(blob, bytes, cancel).ConfigureAwait(false);
    }

    // What a crash left is gone on with if the registry still has it.
    private async Task<UploadSession?> EarlierAsync(Descriptor blob, UploadRecord? record, CancellationToken cancel) =>
        record?.Read(requests.Endpoint) is { } earlier ? await _uploads.AskAsync(blob, earlier, cancel).ConfigureAwait(false) : null;

    private async Task SendRestAsync(Descriptor blob, BlobSource source, UploadSession session, int chunk, UploadRecord? record, CancellationToken cancel)
    {
        Stream content = Verified(blob, await source.OpenAsync(cancel).ConfigureAwait(false));
        await using ConfiguredAsyncDisposable closing = content.ConfigureAwait(false);
        bool inOne = session.Offset == 0 && (chunk == 0 || chunk >= blob.Size);
        if (inOne)
        {
            await _uploads.SendWholeAsync(blob, content, session, cancel).ConfigureAwait(false);
            return;
        }
        await BlobCopy.SkipAsync(content, session.Offset, cancel).ConfigureAwait(false);
        while (session.Offset < blob.Size)
        {
            long left = blob.Size - session.Offset;
            long length = chunk == 0 ? left : Math.Min(left, Math.Max(chunk, session.LeastChunk));
            session = await _uploads.SendChunkAsync(blob, content, length, session, cancel).ConfigureAwait(false);
            record?.Write(session);
        }
        await _uploads.FinishAsync(blob, Stream.Null, 0, session, cancel).ConfigureAwait(false);
    }

    // What verifies already is not hashed twice.
    private static Stream Verified(Descriptor blob, Stream content) =>
        content is VerifyingStream { Untouched: true } verifying && verifying.Expected.Digest == blob.Digest ? content : new VerifyingStream(content, blob);

    // A login that ended in mid-push is renewed by the next request; a proxy that takes no large body may take smaller ones.
    private static bool MayPass(RegistryException error, int attempt, int chunk) => (error.Status == 401 && attempt == 1) ||
        (error.Status == 413 && (chunk == 0 || chunk / 4 >= SmallestChunk)) || error.Status == 416 ||
        error.Kind is RegistryErrorKind.Network or RegistryErrorKind.TimedOut or RegistryErrorKind.ServerFailed or RegistryErrorKind.RateLimited
        || error.Errors.Any(said => said.Code is "BLOB_UPLOAD_UNKNOWN" or "BLOB_UPLOAD_INVALID");

    private TimeSpan Wait(RegistryException error, int attempt)
    {
        TimeSpan wait = error.RetryAfter ?? Options.Retries.FirstDelay * Math.Pow(2, attempt - 1);
        return wait < Options.Retries.LongestDelay ? wait : Options.Retries.LongestDelay;
    }
}
