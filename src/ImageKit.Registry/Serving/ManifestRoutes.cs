using System.Text.Json;
using System.Text.RegularExpressions;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Manifests and indexes: read, written and deleted, by tag and by digest.</summary>
internal sealed partial class ManifestRoutes(ServedContent content)
{
    private const int MostBytes = 4 * 1024 * 1024;

    public async Task<ServedAnswer> HandleAsync(ServedRequest request, string name, string reference, CancellationToken cancel)
    {
        bool byDigest = Digest.TryParse(reference, out Digest digest);
        if (!byDigest && !Tag().IsMatch(reference)) return ServedAnswer.Error(400, "MANIFEST_INVALID", "neither a tag nor a digest");
        if (request.Method == "PUT") return await PutAsync(request, name, byDigest ? digest : null, reference, cancel).ConfigureAwait(false);
        if (!content.TryFind(name, out ServedRepository? repository)) return ServedAnswer.Error(404, "NAME_UNKNOWN", "repository name not known to registry");
        return request.Method switch
        {
            "GET" or "HEAD" => repository.FindManifest(reference) is { } manifest ? Found(manifest) : Unknown(),
            "DELETE" => repository.DeleteManifest(reference) ? new(202) : Unknown(),
            _ => ServedAnswer.Error(405, "UNSUPPORTED", "no such method"),
        };
    }

    private async Task<ServedAnswer> PutAsync(ServedRequest request, string name, Digest? digest, string reference, CancellationToken cancel)
    {
        byte[]? bytes = await ReadAsync(request.Body, cancel).ConfigureAwait(false);
        if (bytes is null) return ServedAnswer.Error(413, "SIZE_INVALID", "the manifest is too large");
        Digest actual = digest is { CanVerify: true } like ? ContentHash.Of(bytes, like) : Digest.Of(bytes);
        if (digest is not null && digest != actual) return ServedAnswer.Error(400, "DIGEST_INVALID", "the bytes do not have this digest");
        string mediaType = (request.Header("Content-Type") ?? "").Split(';')[0].Trim();
        try
        {
            ServedManifest manifest = ServedManifest.Parse(mediaType, actual, bytes);
            ServedRepository repository = content.Open(name);
            if (manifest.Blobs.FirstOrDefault(blob => repository.FindBlob(blob) is null) is { IsDefault: false } blob) return Missing(blob);
            if (manifest.Manifests.FirstOrDefault(child => repository.FindManifest(child.ToString()) is null) is { IsDefault: false } child) return Missing(child);
            // Under its digest a manifest may bring several tags with it.
            string[] tags = digest is null ? [] : [.. request.Query.Where(pair => pair.Key == "tag" && Tag().IsMatch(pair.Value)).Select(pair => pair.Value)];
            repository.PutManifest(manifest, digest is null ? reference : null);
            foreach (string tag in tags) repository.PutManifest(manifest, tag);
            ServedAnswer answer = new ServedAnswer(201).With("Location", $"/v2/{name}/manifests/{actual}").With("Docker-Content-Digest", actual.ToString());
            if (tags.Length > 0) answer.With("OCI-Tag", string.Join(", ", tags));
            return manifest.Subject is { } subject ? answer.With("OCI-Subject", subject.ToString()) : answer;
        }
        catch (JsonException error)
        {
            return ServedAnswer.Error(400, "MANIFEST_INVALID", error.Message);
        }
    }

    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancel)
    {
        using MemoryStream bytes = new();
        byte[] buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int read)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > MostBytes) return null;
        }
        return bytes.ToArray();
    }

    private static ServedAnswer Found(ServedManifest manifest) =>
        new ServedAnswer(200, manifest.Bytes).With("Content-Type", manifest.MediaType).With("Docker-Content-Digest", manifest.Digest.ToString());

    private static ServedAnswer Unknown() => ServedAnswer.Error(404, "MANIFEST_UNKNOWN", "manifest unknown");

    private static ServedAnswer Missing(Digest digest) => ServedAnswer.Error(404, "MANIFEST_BLOB_UNKNOWN", $"the manifest needs {digest}, which is not here");

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z")]
    private static partial Regex Tag();
}
