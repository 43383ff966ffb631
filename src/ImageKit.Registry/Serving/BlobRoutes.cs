using System.Globalization;
using System.Text.RegularExpressions;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Blobs that are whole: read, in parts too, and deleted.</summary>
internal sealed partial class BlobRoutes(ServedContent content)
{
    public ServedAnswer Handle(ServedRequest request, string name, string reference)
    {
        if (!Digest.TryParse(reference, out Digest digest)) return ServedAnswer.Error(400, "DIGEST_INVALID", "no digest");
        ServedRepository? repository = content.TryFind(name, out ServedRepository? found) ? found : null;
        if (request.Method == "DELETE")
        {
            return repository?.DeleteBlob(digest) == true ? new(202) : Unknown();
        }
        if (request.Method is not ("GET" or "HEAD")) return ServedAnswer.Error(405, "UNSUPPORTED", "no such method");
        if (repository?.FindBlob(digest) is not { } bytes) return Unknown();
        return Part(request, bytes).With("Docker-Content-Digest", digest.ToString()).With("Content-Type", "application/octet-stream").With("Accept-Ranges", "bytes");
    }

    private static ServedAnswer Part(ServedRequest request, ReadOnlyMemory<byte> bytes)
    {
        Match range = Range().Match(request.Header("Range") ?? "");
        if (!range.Success || (range.Groups[1].Length == 0 && range.Groups[2].Length == 0)) return new(200, bytes);
        long length = bytes.Length;
        long? first = Number(range.Groups[1]), last = Number(range.Groups[2]);
        if (first is null) (first, last) = (Math.Max(0, length - last!.Value), length - 1); // the last so many bytes
        long end = Math.Min(last ?? length - 1, length - 1);
        if (first > end || first >= length)
        {
            return ServedAnswer.Error(416, "RANGE_INVALID", "no such range").With("Content-Range", $"bytes */{length}");
        }
        return new ServedAnswer(206, bytes.Slice((int)first.Value, (int)(end - first.Value + 1))).With("Content-Range", $"bytes {first}-{end}/{length}");
    }

    private static long? Number(Group group) => long.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static ServedAnswer Unknown() => ServedAnswer.Error(404, "BLOB_UNKNOWN", "blob unknown to registry");

    [GeneratedRegex(@"^bytes=(\d{0,18})-(\d{0,18})\z")]
    private static partial Regex Range();
}
