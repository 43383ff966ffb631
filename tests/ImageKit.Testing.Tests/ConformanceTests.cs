using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ImageKit.Oci;

namespace ImageKit.Testing.Tests;

/// <summary>The workflows of the distribution specification against the registry in memory, by bare HTTP.</summary>
internal sealed class ConformanceTests
{
    private InMemoryRegistry _registry = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void Start()
    {
        _registry = new();
        _http = new(_registry.CreateHandler()) { BaseAddress = new("https://registry.test/") };
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _registry.Dispose();
    }

    [Test]
    public async Task The_root_answers() => Assert.That((await _http.GetAsync("v2/")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task A_missing_blob_is_404_by_GET_and_HEAD()
    {
        string path = $"v2/a/b/blobs/{Digest.Of("x"u8)}";
        Assert.That((await _http.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await _http.SendAsync(new(HttpMethod.Head, path))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await (await _http.GetAsync(path)).Content.ReadAsStringAsync(), Does.Contain("BLOB_UNKNOWN"));
    }

    [Test]
    public async Task A_blob_in_one_request() =>
        Assert.That((await _http.PostAsync($"v2/a/b/blobs/uploads/?digest={Digest.Of("abc"u8)}", Bytes("abc"))).StatusCode, Is.EqualTo(HttpStatusCode.Created));

    [Test]
    public async Task A_blob_in_chunks()
    {
        Uri session = await BeginAsync();
        HttpResponseMessage first = await ChunkAsync(session, "abc", "0-2"), again = await ChunkAsync(session, "abc", "0-2"), second = await ChunkAsync(session, "de", "3-4");
        HttpResponseMessage state = await _http.GetAsync(session);
        HttpResponseMessage end = await _http.PutAsync($"{session}?digest={Digest.Of("abcdef"u8)}", Bytes("f"));
        Assert.Multiple(() =>
        {
            Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable), "out of order");
            Assert.That(second.Headers.GetValues("Range"), Is.EqualTo(new[] { "0-4" }));
            Assert.That(state.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(end.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        });
        Assert.That(await _http.GetStringAsync($"v2/a/b/blobs/{Digest.Of("abcdef"u8)}"), Is.EqualTo("abcdef"));
    }

    [Test]
    public async Task A_wrong_digest_is_refused()
    {
        Uri session = await BeginAsync();
        HttpResponseMessage answer = await _http.PutAsync($"{session}?digest={Digest.Of("other"u8)}", Bytes("abc"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("DIGEST_INVALID"));
    }

    [Test]
    public async Task A_cancelled_upload_is_gone()
    {
        Uri session = await BeginAsync();
        Assert.That((await _http.DeleteAsync(session)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await _http.GetAsync(session)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("a/b", HttpStatusCode.Created, TestName = "Mounting from a repository that has the blob")]
    [TestCase(null, HttpStatusCode.Created, TestName = "Mounting from wherever it is")]
    [TestCase("no/where", HttpStatusCode.Accepted, TestName = "Mounting from where it is not opens an upload")]
    public async Task Mount(string? from, HttpStatusCode status)
    {
        Digest digest = await BlobAsync("abc");
        HttpResponseMessage answer = await _http.PostAsync($"v2/c/d/blobs/uploads/?mount={digest}{(from is null ? "" : "&from=" + from)}", null);
        Assert.That(answer.StatusCode, Is.EqualTo(status));
    }

    [TestCase("bytes=500-1499", 206, 1000, TestName = "A range in the middle")]
    [TestCase("bytes=500-", 206, 1548, TestName = "A range to the end")]
    [TestCase("bytes=-500", 206, 500, TestName = "The last bytes")]
    [TestCase("bytes=2000-5000", 206, 48, TestName = "A range over the end is cut")]
    [TestCase("bytes=500-0", 416, null, TestName = "A range that ends before it begins")]
    [TestCase("bytes=5000-10000", 416, null, TestName = "A range behind the end")]
    public async Task Ranges(string range, int status, int? length)
    {
        Digest digest = await BlobAsync(new string('x', 2048));
        HttpRequestMessage request = new(HttpMethod.Get, $"v2/a/b/blobs/{digest}");
        request.Headers.TryAddWithoutValidation("Range", range);
        HttpResponseMessage answer = await _http.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        if (length is not null) Assert.That((await answer.Content.ReadAsByteArrayAsync()).Length, Is.EqualTo(length));
    }

    [Test]
    public async Task A_manifest_by_tag_and_digest_and_its_deletion()
    {
        Digest digest = await ManifestAsync("v1");
        HttpResponseMessage byTag = await _http.GetAsync("v2/a/b/manifests/v1"), byDigest = await _http.GetAsync($"v2/a/b/manifests/{digest}");
        HttpResponseMessage deleted = await _http.DeleteAsync($"v2/a/b/manifests/{digest}"), gone = await _http.GetAsync("v2/a/b/manifests/v1");
        Assert.Multiple(() =>
        {
            Assert.That(byTag.Content.Headers.ContentType?.MediaType, Is.EqualTo(MediaTypes.Manifest));
            Assert.That(byDigest.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { digest.ToString() }));
            Assert.That(deleted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        });
    }

    [Test]
    public async Task A_manifest_whose_blobs_are_missing_is_refused()
    {
        HttpResponseMessage answer = await PutManifestAsync("v1", Manifest(Digest.Of("nowhere"u8)));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("MANIFEST_BLOB_UNKNOWN"));
    }

    [TestCase("v2/a/b/tags/list", "[\"a\",\"b\",\"c\"]", null, TestName = "All tags, sorted")]
    [TestCase("v2/a/b/tags/list?n=2", "[\"a\",\"b\"]", "last=b", TestName = "The first page links to the next")]
    [TestCase("v2/a/b/tags/list?n=2&last=b", "[\"c\"]", null, TestName = "The last page links to nothing")]
    [TestCase("v2/a/b/tags/list?n=0", "[]", null, TestName = "A page of none is empty")]
    public async Task Tags(string path, string tags, string? link)
    {
        foreach (string tag in new[] { "c", "a", "b" }) await ManifestAsync(tag);
        HttpResponseMessage answer = await _http.GetAsync(path);
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain($"\"tags\":{tags}"));
        Assert.That(answer.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single() : null, link is null ? Is.Null : Does.Contain(link));
    }

    [Test]
    public async Task Referrers_are_listed_and_filtered()
    {
        Digest subject = await ManifestAsync("v1");
        Digest config = await BlobAsync("{}");
        string about = Manifest(config).Replace("\"layers\"", $"\"artifactType\":\"a/b\",\"subject\":{{\"mediaType\":\"{MediaTypes.Manifest}\",\"digest\":\"{subject}\",\"size\":1}},\"layers\"");
        HttpResponseMessage pushed = await PutManifestAsync("about", about);
        string all = await _http.GetStringAsync($"v2/a/b/referrers/{subject}"), none = await _http.GetStringAsync($"v2/a/b/referrers/{subject}?artifactType=other");
        Assert.Multiple(() =>
        {
            Assert.That(pushed.Headers.GetValues("OCI-Subject"), Is.EqualTo(new[] { subject.ToString() }));
            Assert.That(all, Does.Contain(Digest.Of(Encoding.UTF8.GetBytes(about)).ToString()));
            Assert.That(none, Does.Contain("\"manifests\":[]"));
        });
    }

    private async Task<Uri> BeginAsync() => (await _http.PostAsync("v2/a/b/blobs/uploads/", null)).Headers.Location!;

    private async Task<HttpResponseMessage> ChunkAsync(Uri session, string text, string range)
    {
        HttpRequestMessage request = new(HttpMethod.Patch, session) { Content = Bytes(text) };
        request.Content.Headers.TryAddWithoutValidation("Content-Range", range);
        return await _http.SendAsync(request);
    }

    private async Task<Digest> BlobAsync(string text)
    {
        Digest digest = Digest.Of(Encoding.UTF8.GetBytes(text));
        (await _http.PostAsync($"v2/a/b/blobs/uploads/?digest={digest}", Bytes(text))).EnsureSuccessStatusCode();
        return digest;
    }

    private async Task<Digest> ManifestAsync(string tag)
    {
        string text = Manifest(await BlobAsync("{}"));
        (await PutManifestAsync(tag, text)).EnsureSuccessStatusCode();
        return Digest.Of(Encoding.UTF8.GetBytes(text));
    }

    private Task<HttpResponseMessage> PutManifestAsync(string tag, string text)
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.Manifest);
        return _http.PutAsync($"v2/a/b/manifests/{tag}", content);
    }

    private static string Manifest(Digest config) =>
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{config}}","size":2},"layers":[]}""";

    private static ByteArrayContent Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
