using System.Text;
using System.Text.Json;
using ImageKit.Oci;

namespace ImageKit.Server.Tests.Conformance;

/// <summary>The workflows of the specification's suites: pull, push, content discovery, content management.</summary>
internal sealed class WorkflowConformance(string form) : ConformanceFixture(form)
{
    [Test]
    public async Task The_root_answers()
    {
        HttpResponseMessage answer = await Calls.SendAsync(HttpMethod.Get, "/v2/");
        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        Assert.That(answer.Headers.GetValues("Docker-Distribution-API-Version"), Is.EqualTo(new[] { "registry/2.0" }));
    }

    [Test]
    public async Task An_empty_repository_has_no_tags_and_an_empty_list_of_referrers()
    {
        Assert.That(await Calls.TagsAsync(), Is.Empty);
        (int status, string type, string[] digests, bool filtered) = await ReferrersAsync(Digest.Of("x"u8));
        Assert.That((status, type, digests.Length, filtered), Is.EqualTo((200, MediaTypes.Index, 0, false)));
    }

    [Test]
    public async Task A_missing_manifest_is_404_with_an_error()
    {
        HttpResponseMessage byTag = await Calls.GetManifestAsync("nowhere"), head = await Calls.GetManifestAsync("nowhere", HttpMethod.Head), byDigest = await Calls.GetManifestAsync(Digest.Of("x"u8).ToString());
        Assert.That(((int)byTag.StatusCode, (int)head.StatusCode, (int)byDigest.StatusCode), Is.EqualTo((404, 404, 404)));
        Assert.That(await RegistryCalls.CodesAsync(byTag), Is.EqualTo(new[] { "MANIFEST_UNKNOWN" }));
    }

    [Test]
    public async Task A_manifest_comes_back_byte_by_byte_by_tag_and_digest()
    {
        byte[] manifest = RegistryCalls.Manifest(await Calls.PushAsync("{}"u8.ToArray()), 2, ",\n  \"x\": 1.50");
        Digest digest = Digest.Of(manifest);
        HttpResponseMessage put = await Calls.PutManifestAsync("v1", manifest);
        Assert.That((int)put.StatusCode, Is.EqualTo(201));
        Assert.That(put.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { digest.ToString() }));
        foreach (string reference in new[] { "v1", digest.ToString() })
        {
            HttpResponseMessage get = await Calls.GetManifestAsync(reference), head = await Calls.GetManifestAsync(reference, HttpMethod.Head);
            byte[] got = await get.Content.ReadAsByteArrayAsync();
            Assert.Multiple(() =>
            {
                Assert.That(got, Is.EqualTo(manifest));
                Assert.That(get.Content.Headers.ContentType?.ToString(), Is.EqualTo(MediaTypes.Manifest));
                Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(manifest.Length));
                Assert.That(head.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { digest.ToString() }));
            });
        }
    }

    [Test]
    public async Task A_tag_moves_to_another_manifest()
    {
        Digest first = await Calls.PushImageAsync("latest", "{\"a\":1}"), second = await Calls.PushImageAsync("latest", "{\"a\":2}");
        Assert.That((await Calls.GetManifestAsync("latest", HttpMethod.Head)).Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { second.ToString() }));
        Assert.That((int)(await Calls.GetManifestAsync(first.ToString())).StatusCode, Is.EqualTo(200), "the old one stays");
    }

    [TestCase("?n=2", "B,a", "n=2&last=a", TestName = "The first page of tags links to the next")]
    [TestCase("?n=2&last=a", "b,c", "n=2&last=c", TestName = "The page behind a tag")]
    [TestCase("?n=2&last=c", "d", null, TestName = "The last page links to nothing")]
    [TestCase("?last=b", "c,d", null, TestName = "All behind a tag")]
    [TestCase("?n=0", "", null, TestName = "A page of none is empty and links to nothing")]
    [TestCase("?n=100", "B,a,b,c,d", null, TestName = "A page that is long enough is all")]
    public async Task Tags(string query, string tags, string? link)
    {
        foreach (string tag in new[] { "d", "a", "c", "b", "B" }) await Calls.PushImageAsync(tag);
        HttpResponseMessage answer = await Calls.SendAsync(HttpMethod.Get, $"/v2/{Calls.Repository}/tags/list{query}");
        Assert.That(await Calls.TagsAsync(query), Is.EqualTo(tags.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(answer.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single() : null, link is null ? Is.Null : Does.Contain(link).And.EndsWith("; rel=\"next\""));
    }

    [Test]
    public async Task A_page_of_a_size_that_is_no_number_is_refused()
    {
        await Calls.PushImageAsync("a");
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Get, $"/v2/{Calls.Repository}/tags/list?n=-1")).StatusCode, Is.EqualTo(400));
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Get, $"/v2/{Calls.Repository}/tags/list?n=99999999999999999999")).StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task A_deleted_tag_leaves_the_manifest()
    {
        Digest digest = await Calls.PushImageAsync("v1");
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/manifests/v1")).StatusCode, Is.EqualTo(202));
        Assert.That((int)(await Calls.GetManifestAsync("v1")).StatusCode, Is.EqualTo(404));
        Assert.That((int)(await Calls.GetManifestAsync(digest.ToString())).StatusCode, Is.EqualTo(200));
        Assert.That(await Calls.TagsAsync(), Is.Empty);
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/manifests/v1")).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task A_deleted_manifest_takes_its_tags_along()
    {
        Digest digest = await Calls.PushImageAsync("v1");
        await Calls.PushImageAsync("v2");
        await Calls.PushImageAsync("other", "{\"o\":1}");
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/manifests/{digest}")).StatusCode, Is.EqualTo(202));
        Assert.That((int)(await Calls.GetManifestAsync(digest.ToString())).StatusCode, Is.EqualTo(404));
        Assert.That(await Calls.TagsAsync(), Is.EqualTo(new[] { "other" }));
    }

    [Test]
    public async Task Referrers_are_listed_filtered_and_deleted()
    {
        Digest subject = await Calls.PushImageAsync("v1");
        Digest signature = await AttachAsync(subject, "application/vnd.example.signature"), sbom = await AttachAsync(subject, "application/vnd.example.sbom");
        (_, _, string[] all, bool filtered) = await ReferrersAsync(subject);
        Assert.That(all, Is.EquivalentTo(new[] { signature.ToString(), sbom.ToString() }));
        Assert.That(filtered, Is.False);
        (_, _, string[] some, filtered) = await ReferrersAsync(subject, "?artifactType=application%2Fvnd.example.sbom");
        Assert.That((some.Single(), filtered), Is.EqualTo((sbom.ToString(), true)));
        await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/manifests/{sbom}");
        Assert.That((await ReferrersAsync(subject)).Digests, Is.EqualTo(new[] { signature.ToString() }));
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Get, $"/v2/{Calls.Repository}/referrers/no-digest")).StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task A_subject_that_is_missing_is_no_fault()
    {
        Digest missing = Digest.Of(Encoding.UTF8.GetBytes(Calls.Repository));
        Digest about = await AttachAsync(missing, "application/vnd.example.signature");
        Assert.That((await ReferrersAsync(missing)).Digests, Is.EqualTo(new[] { about.ToString() }));
    }

    [TestCase("sha256")]
    [TestCase("sha512")]
    public async Task A_manifest_under_its_digest_brings_its_tags_along(string algorithm)
    {
        byte[] manifest = RegistryCalls.Manifest(await Calls.PushAsync("{}"u8.ToArray()), 2);
        Digest digest = RegistryCalls.DigestOf(manifest, algorithm);
        string[] tags = [.. Enumerable.Range(1, 10).Select(number => $"t{number}")];
        HttpResponseMessage put = await Calls.PutManifestAsync($"{digest}?{string.Join('&', tags.Select(tag => "tag=" + tag))}", manifest);
        Assert.That((int)put.StatusCode, Is.EqualTo(201));
        Assert.That(string.Join(", ", put.Headers.GetValues("OCI-Tag")).Split(", "), Is.EquivalentTo(tags));
        Assert.That(await Calls.TagsAsync(), Is.EquivalentTo(tags));
        foreach (string tag in tags) Assert.That((await Calls.GetManifestAsync(tag, HttpMethod.Head)).Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { digest.ToString() }));
    }

    [Test]
    public async Task Methods_that_nothing_knows_are_refused()
    {
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Put, $"/v2/{Calls.Repository}/tags/list", [])).StatusCode, Is.EqualTo(405));
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Post, $"/v2/{Calls.Repository}/manifests/v1", [])).StatusCode, Is.EqualTo(405));
    }

    private async Task<Digest> AttachAsync(Digest subject, string type)
    {
        byte[] manifest = RegistryCalls.Manifest(await Calls.PushAsync("{}"u8.ToArray()), 2, $$""","artifactType":"{{type}}","annotations":{"note":"yes"},"subject":{"mediaType":"{{MediaTypes.Manifest}}","digest":"{{subject}}","size":2}""");
        Digest digest = Digest.Of(manifest);
        HttpResponseMessage put = await Calls.PutManifestAsync(digest.ToString(), manifest);
        Assert.That((int)put.StatusCode, Is.EqualTo(201));
        Assert.That(put.Headers.GetValues("OCI-Subject"), Is.EqualTo(new[] { subject.ToString() }));
        return digest;
    }

    private async Task<(int Status, string Type, string[] Digests, bool Filtered)> ReferrersAsync(Digest subject, string query = "")
    {
        HttpResponseMessage answer = await Calls.SendAsync(HttpMethod.Get, $"/v2/{Calls.Repository}/referrers/{subject}{query}");
        using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        JsonElement[] entries = [.. body.RootElement.GetProperty("manifests").EnumerateArray()];
        Assert.That(entries.All(entry => entry.GetProperty("annotations").GetProperty("note").GetString() == "yes"));
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType!.ToString(), [.. entries.Select(entry => entry.GetProperty("digest").GetString()!)], answer.Headers.Contains("OCI-Filters-Applied"));
    }
}
