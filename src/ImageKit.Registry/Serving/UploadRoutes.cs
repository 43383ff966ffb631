using System.Globalization;
using System.Text.RegularExpressions;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Blobs on their way in: at once, in chunks, streamed, or mounted from another repository.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs"/>
internal sealed partial class UploadRoutes(ServedContent content)
{
    public async Task<ServedAnswer> HandleAsync(ServedRequest request, string name, string id, CancellationToken cancel)
    {
        ServedRepository repository = content.Open(name);
        if (request.Method == "POST" && id.Length == 0) return await StartAsync(request, name, repository, cancel).ConfigureAwait(false);
        if (repository.FindUpload(id) is not { } upload) return ServedAnswer.Error(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
        switch (request.Method)
        {
            case "GET":
                return Session(204, name, id, upload);
            case "PATCH":
                return await upload.AppendAsync(request.Body, StartOf(request), cancel).ConfigureAwait(false)
                    ? Session(202, name, id, upload) : Session(416, name, id, upload);
            case "PUT":
                if (!await upload.AppendAsync(request.Body, StartOf(request), cancel).ConfigureAwait(false)) return Session(416, name, id, upload);
                return Finish(request, name, repository, id, upload.ToArray());
            case "DELETE":
                repository.EndUpload(id);
                return new(204);
            default:
                return ServedAnswer.Error(405, "UNSUPPORTED", "no such method");
        }
    }

    private async Task<ServedAnswer> StartAsync(ServedRequest request, string name, ServedRepository repository, CancellationToken cancel)
    {
        if (request.Ask("mount") is { } mount && Digest.TryParse(mount, out Digest digest) && Find(digest, request.Ask("from")) is { } bytes)
        {
            repository.PutBlob(digest, bytes);
            return Created(name, digest);
        }
        string id = repository.BeginUpload();
        ServedUpload upload = repository.FindUpload(id)!;
        if (request.Ask("digest") is null) return Session(202, name, id, upload);
        await upload.AppendAsync(request.Body, null, cancel).ConfigureAwait(false);
        return Finish(request, name, repository, id, upload.ToArray());
    }

    // Without a repository to mount from, any that has the blob will do.
    private ReadOnlyMemory<byte>? Find(Digest digest, string? from)
    {
        IEnumerable<string> names = from is null ? content.Names : [from];
        foreach (string name in names)
        {
            if (content.TryFind(name, out ServedRepository? repository) && repository.FindBlob(digest) is { } bytes) return bytes;
        }
        return null;
    }

    private static ServedAnswer Finish(ServedRequest request, string name, ServedRepository repository, string id, byte[] bytes)
    {
        repository.EndUpload(id);
        bool right = Digest.TryParse(request.Ask("digest"), out Digest digest) && digest.CanVerify && ContentHash.Of(bytes, digest) == digest;
        if (!right) return ServedAnswer.Error(400, "DIGEST_INVALID", "the bytes do not have this digest");
        repository.PutBlob(digest, bytes);
        return Created(name, digest);
    }

    private static ServedAnswer Created(string name, Digest digest) =>
        new ServedAnswer(201).With("Location", $"/v2/{name}/blobs/{digest}").With("Docker-Content-Digest", digest.ToString());

    private static ServedAnswer Session(int status, string name, string id, ServedUpload upload) =>
        new ServedAnswer(status).With("Location", $"/v2/{name}/blobs/uploads/{id}").With("Docker-Upload-UUID", id).With("Range", $"0-{Math.Max(0, upload.Length - 1)}");

    // `Content-Range: 0-99`: this protocol leaves out the unit.
    private static long? StartOf(ServedRequest request) =>
        ContentRange().Match(request.Header("Content-Range") ?? "") is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^(?:bytes )?(\d{1,18})-\d{1,18}")]
    private static partial Regex ContentRange();
}
