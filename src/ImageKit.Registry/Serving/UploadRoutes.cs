using System.Globalization;
using System.Text.RegularExpressions;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Blobs on their way in: at once, in chunks, streamed, or mounted from another repository.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs"/>
internal sealed partial class UploadRoutes(IServedContent content)
{
    public async Task<ServedAnswer> HandleAsync(ServedRequest request, string name, string id, CancellationToken cancel)
    {
        if (request.Method == "POST" && id.Length == 0) return await StartAsync(request, name, cancel).ConfigureAwait(false);
        if (await content.FindUploadAsync(name, id, cancel).ConfigureAwait(false) is not { } upload) return ServedAnswer.Error(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
        switch (request.Method)
        {
            case "GET":
                return Session(204, name, upload);
            case "PATCH":
                return await upload.AppendAsync(request.Body, StartOf(request), cancel).ConfigureAwait(false) ? Session(202, name, upload) : Session(416, name, upload);
            case "PUT":
                return await FinishAsync(request, name, upload, cancel).ConfigureAwait(false);
            case "DELETE":
                await upload.CancelAsync(cancel).ConfigureAwait(false);
                return new(204);
            default:
                return ServedAnswer.Error(405, "UNSUPPORTED", "no such method");
        }
    }

    private async Task<ServedAnswer> StartAsync(ServedRequest request, string name, CancellationToken cancel)
    {
        string? from = request.Ask("from");
        bool mounts = Digest.TryParse(request.Ask("mount"), out Digest mounted) && (from is null || RegistryProtocol.IsName(from));
        if (mounts && await content.MountAsync(name, mounted, from, cancel).ConfigureAwait(false)) return Created(name, mounted);
        string algorithm = Digest.TryParse(request.Ask("digest"), out Digest digest) ? digest.Algorithm : request.Ask("digest-algorithm") ?? "sha256";
        if (algorithm is not ("sha256" or "sha512")) return ServedAnswer.Error(400, "DIGEST_INVALID", $"digests of {algorithm} cannot be verified here; sha256 and sha512 can");
        if (request.Ask("digest") is { } text && digest.IsDefault) return ServedAnswer.Error(400, "DIGEST_INVALID", $"'{text}' is no digest");
        IServedUpload upload = await content.BeginUploadAsync(name, algorithm, cancel).ConfigureAwait(false);
        if (digest.IsDefault) return Session(202, name, upload);
        try
        {
            return await FinishAsync(request, name, upload, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            await upload.CancelAsync(CancellationToken.None).ConfigureAwait(false); // the client never learnt of a session
            throw;
        }
    }

    private static async Task<ServedAnswer> FinishAsync(ServedRequest request, string name, IServedUpload upload, CancellationToken cancel)
    {
        if (!Digest.TryParse(request.Ask("digest"), out Digest digest)) return ServedAnswer.Error(400, "DIGEST_INVALID", "the digest is missing");
        if (!await upload.AppendAsync(request.Body, StartOf(request), cancel).ConfigureAwait(false)) return Session(416, name, upload);
        return await upload.CommitAsync(digest, cancel).ConfigureAwait(false) ? Created(name, digest) : ServedAnswer.Error(400, "DIGEST_INVALID", "the bytes do not have this digest");
    }

    private static ServedAnswer Created(string name, Digest digest) =>
        new ServedAnswer(201).With("Location", $"/v2/{name}/blobs/{digest}").With("Docker-Content-Digest", digest.ToString());

    private static ServedAnswer Session(int status, string name, IServedUpload upload) =>
        new ServedAnswer(status).With("Location", $"/v2/{name}/blobs/uploads/{upload.Id}").With("Docker-Upload-UUID", upload.Id).With("Range", $"0-{Math.Max(0, upload.Length - 1)}");

    // `Content-Range: 0-99`: this protocol leaves out the unit.
    private static long? StartOf(ServedRequest request) =>
        ContentRange().Match(request.Header("Content-Range") ?? "") is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^(?:bytes )?(\d{1,18})-\d{1,18}")]
    private static partial Regex ContentRange();
}
