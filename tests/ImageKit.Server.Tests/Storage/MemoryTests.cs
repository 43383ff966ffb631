using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Server.Tests.Storage;

/// <summary>The limits of content in memory.</summary>
internal sealed class MemoryTests
{
    [TestCase(999, 201)]
    [TestCase(1000, 201)]
    [TestCase(1001, 413)]
    public async Task A_blob_that_memory_cannot_hold_is_refused_and_leaves_nothing(int length, int status)
    {
        RegistryProtocol protocol = new(new MemoryContent(mostBlobBytes: 1000));
        byte[] bytes = new byte[length];
        ServedAnswer begun = await AskAsync(protocol, "POST", "/v2/a/b/blobs/uploads/"), chunk = await AskAsync(protocol, "PATCH", Location(begun), bytes[..900]);
        ServedAnswer end = await AskAsync(protocol, "PUT", $"{Location(chunk)}?digest={Digest.Of(bytes)}", bytes[900..]);
        ServedAnswer whole = await AskAsync(protocol, "POST", $"/v2/c/d/blobs/uploads/?digest={Digest.Of(bytes)}", bytes);
        Assert.That((end.Status, whole.Status), Is.EqualTo((status, status)));
        if (status == 201) return;
        Assert.That(System.Text.Encoding.UTF8.GetString(whole.Body.Span), Does.Contain("SIZE_INVALID").And.Contain("1000 bytes at most"));
        Assert.That((await AskAsync(protocol, "GET", Location(chunk))).Status, Is.EqualTo(404), "the upload is gone");
        Assert.That((await AskAsync(protocol, "GET", $"/v2/a/b/blobs/{Digest.Of(bytes)}")).Status, Is.EqualTo(404));
    }

    private static string Location(ServedAnswer answer) => answer.Headers.Single(header => header.Key == "Location").Value;

    private static Task<ServedAnswer> AskAsync(RegistryProtocol protocol, string method, string target, byte[]? body = null)
    {
        string[] parts = target.Split('?');
        return protocol.HandleAsync(new(method, parts[0], parts.Length > 1 ? ServedRequest.ParseQuery(parts[1]) : [], _ => null, new MemoryStream(body ?? [])), default);
    }
}
