using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Manifests and indexes: read, written and deleted, by tag and by digest.</summary>
internal sealed partial class ManifestRoutes(IServedContent content)
{
    private const int MostBytes = 4 * 1024 * 1024;

    // What is a little too large is read to its end, so that the client comes to read the refusal.
    private const int MostBytesRead = 4 * MostBytes;

    public async Task<ServedAnswer> HandleAsync(ServedRequest request, string name, string reference, CancellationToken cancel)
    {
        bool byDigest = Digest.TryParse(reference, out Digest digest);
        if (!byDigest && !Tag().IsMatch(reference)) return ServedAnswer.Error(400, "MANIFEST_INVALID", "neither a tag nor a digest");
        if (request.Method == "PUT") return await PutAsync(request, name, byDigest ? digest : null, reference, cancel).ConfigureAwait(false);
        return request.Method switch
        {
            "GET" or "HEAD" => await content.FindManifestAsync(name, reference, cancel).ConfigureAwait(false) is { } manifest ? Found(manifest) : Unknown(),
            "DELETE" => await content.DeleteManifestAsync(name, reference, cancel).ConfigureAwait(false) ? new(202) : Unknown(),
            _ => ServedAnswer.Error(405, "UNSUPPORTED", "no such method"),
        };
    }

    private async Task<ServedAnswer> PutAsync(ServedRequest request, string name, Digest? digest, string reference, CancellationToken cancel)
    {
        byte[]? bytes = await ReadAsync(request, cancel).ConfigureAwait(false);
        if (bytes is null) return ServedAnswer.Error(413, "SIZE_INVALID", $"a manifest may have {MostBytes} bytes at most");
        Digest actual = digest is { CanVerify: true } like ? ContentHash.Of(bytes, like) : Digest.Of(bytes);
        if (digest is not null && digest != actual) return ServedAnswer.Error(400, "DIGEST_INVALID", "the bytes do not have this digest");
        ServedManifest manifest;
        try
        {
            manifest = ServedManifest.Parse((request.Header("Content-Type") ?? "").Split(';')[0].Trim(), actual, bytes);
        }
        catch (JsonException error)
        {
            return ServedAnswer.Error(400, "MANIFEST_INVALID", error.Message);
        }
        if (await FindMissingAsync(name, manifest, cancel).ConfigureAwait(false) is { } missing) return missing;
        // Under its digest a manifest may bring several tags with it.
        string[] tags = digest is null ? [] : [.. request.Query.Where(pair => pair.Key == "tag" && Tag().IsMatch(pair.Value)).Select(pair => pair.Value).Distinct(StringComparer.Ordinal)];
        await content.PutManifestAsync(name, manifest, digest is null ? [reference] : tags, cancel).ConfigureAwait(false);
        ServedAnswer answer = new ServedAnswer(201).With("Location", $"/v2/{name}/manifests/{actual}").With("Docker-Content-Digest", actual.ToString());
        if (tags.Length > 0) answer.With("OCI-Tag", string.Join(", ", tags));
        return manifest.Subject is { } subject ? answer.With("OCI-Subject", subject.ToString()) : answer;
    }

    private async Task<ServedAnswer?> FindMissingAsync(string name, ServedManifest manifest, CancellationToken cancel)
    {
        foreach (Digest blob in manifest.Blobs)
        {
            if (await content.FindBlobAsync(name, blob, cancel).ConfigureAwait(false) is null) return Missing(blob);
        }
        foreach (Digest child in manifest.Manifests)
        {
            if (await content.FindManifestAsync(name, child.ToString(), cancel).ConfigureAwait(false) is null) return Missing(child);
        }
        return null;
    }

    private static async Task<byte[]?> ReadAsync(ServedRequest request, CancellationToken cancel)
    {
        if (long.TryParse(request.Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long declared) && declared > MostBytesRead) return null;
        using MemoryStream bytes = new();
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        while (await request.Body.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and int read)
        {
            total += read;
            if (total <= MostBytes) bytes.Write(buffer, 0, read);
            else if (total > MostBytesRead) return null;
        }
        return total > MostBytes ? null : bytes.ToArray();
    }

    private static ServedAnswer Found(ServedManifest manifest)
    {
        ServedAnswer answer = new ServedAnswer(200, manifest.Bytes).With("Content-Type", manifest.MediaType)
            .With("Docker-Content-Digest", manifest.Digest.ToString()).With("ETag", $"\"{manifest.Digest}\"");
        if (manifest.Origin is { } origin) answer.With("X-Cache", origin);
        return manifest.Warning is null ? answer : answer.With("Warning", $"299 - \"{manifest.Warning}\"");
    }

    private static ServedAnswer Unknown() => ServedAnswer.Error(404, "MANIFEST_UNKNOWN", "manifest unknown");

    private static ServedAnswer Missing(Digest digest) => ServedAnswer.Error(404, "MANIFEST_BLOB_UNKNOWN", $"the manifest needs {digest}, which is not here");

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z")]
    private static partial Regex Tag();
}
