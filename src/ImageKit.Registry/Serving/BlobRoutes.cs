using System.Globalization;
using System.Text.RegularExpressions;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Blobs that are whole: read, in parts too, and deleted.</summary>
internal sealed partial class BlobRoutes(IServedContent content)
{
    public async Task<ServedAnswer> HandleAsync(ServedRequest request, string name, string reference, CancellationToken cancel)
    {
        if (!Digest.TryParse(reference, out Digest digest)) return ServedAnswer.Error(400, "DIGEST_INVALID", "no digest");
        if (request.Method == "DELETE") return await content.DeleteBlobAsync(name, digest, cancel).ConfigureAwait(false) ? new(202) : Unknown();
        if (request.Method is not ("GET" or "HEAD")) return ServedAnswer.Error(405, "UNSUPPORTED", "no such method");
        if (await content.FindBlobAsync(name, digest, cancel).ConfigureAwait(false) is not { } blob || await PartAsync(request, blob, cancel).ConfigureAwait(false) is not { } answer) return Unknown();
        if (blob.Origin is { } origin) answer.With("X-Cache", origin);
        return answer.With("Docker-Content-Digest", digest.ToString()).With("Content-Type", "application/octet-stream").With("Accept-Ranges", "bytes").With("ETag", $"\"{digest}\"");
    }

    private static async ValueTask<ServedAnswer?> PartAsync(ServedRequest request, ServedBlob blob, CancellationToken cancel)
    {
        // A range of another version is none of this one; the digest is the version.
        bool same = request.Header("If-Range") is not { } version || version.Contains(request.Path[(request.Path.LastIndexOf('/') + 1)..], StringComparison.Ordinal);
        Match range = Range().Match(same ? request.Header("Range") ?? "" : "");
        if (!range.Success || (range.Groups[1].Length == 0 && range.Groups[2].Length == 0)) return await AnswerAsync(200, request, blob, (0, blob.Size), cancel).ConfigureAwait(false);
        long length = blob.Size;
        long? first = Number(range.Groups[1]), last = Number(range.Groups[2]);
        if (first is null) (first, last) = (Math.Max(0, length - last!.Value), length - 1); // the last so many bytes
        long end = Math.Min(last ?? length - 1, length - 1);
        if (first > end || first >= length)
        {
            return ServedAnswer.Error(416, "RANGE_INVALID", "no such range").With("Content-Range", $"bytes */{length}");
        }
        return (await AnswerAsync(206, request, blob, (first.Value, end - first.Value + 1), cancel).ConfigureAwait(false))?.With("Content-Range", $"bytes {first}-{end}/{length}");
    }

    private static async ValueTask<ServedAnswer?> AnswerAsync(int status, ServedRequest request, ServedBlob blob, (long From, long Length) part, CancellationToken cancel)
    {
        (long from, long length) = part;
        if (blob.InMemory is { } bytes) return new(status, bytes.Slice((int)from, (int)length));
        if (request.Method == "HEAD") return new(status) { Length = length };
        return await blob.OpenAsync(from, length, cancel).ConfigureAwait(false) is { } stream ? new(status) { Content = stream, Length = length } : null;
    }

    private static long? Number(Group group) => long.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static ServedAnswer Unknown() => ServedAnswer.Error(404, "BLOB_UNKNOWN", "blob unknown to registry");

    [GeneratedRegex(@"^bytes=(\d{0,18})-(\d{0,18})\z")]
    private static partial Regex Range();
}
