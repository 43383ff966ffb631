using System.Text.Json;
using ImageKit.Oci;

namespace ImageKit.Server.Tests.Conformance;

/// <summary>Each data set is pushed, listed, asked for, pulled, looked up by what it is about, and deleted.</summary>
internal sealed class DataSetConformance(string form) : ConformanceFixture(form)
{
    private static IEnumerable<string> Names => DataSet.Names;

    [TestCaseSource(nameof(Names))]
    public async Task Goes_through_its_life(string name)
    {
        DataSet set = DataSet.Make(name);
        await PushAsync(set);
        Assert.That(await Calls.TagsAsync(), Is.EqualTo(new[] { "latest" }));
        foreach ((Digest digest, byte[] bytes, string type, Digest? subject) in set.Manifests) await CheckAsync(digest, bytes, type, subject);
        foreach ((Digest digest, byte[] bytes) in set.Blobs)
        {
            Assert.That((await Calls.HeadBlobAsync(digest)).Content.Headers.ContentLength, Is.EqualTo(bytes.Length));
            Assert.That(await (await Calls.GetBlobAsync(digest)).Content.ReadAsByteArrayAsync(), Is.EqualTo(bytes));
        }
        await DeleteAsync(set);
    }

    [Test]
    public async Task A_sparse_index_is_refused_until_its_parts_are_there()
    {
        DataSet set = DataSet.Make("index");
        (Digest digest, byte[] bytes, string type, _) = set.Manifests[^1];
        HttpResponseMessage answer = await Calls.PutManifestAsync(digest.ToString(), bytes, type);
        Assert.That((int)answer.StatusCode, Is.EqualTo(404));
        Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { "MANIFEST_BLOB_UNKNOWN" }));
        await PushAsync(set);
    }

    private async Task PushAsync(DataSet set)
    {
        foreach ((Digest digest, byte[] bytes) in set.Blobs) Assert.That(await Calls.PushAsync(bytes, digest.Algorithm), Is.EqualTo(digest));
        foreach ((Digest digest, byte[] bytes, string type, Digest? subject) in set.Manifests)
        {
            bool isRoot = digest == set.Manifests[^1].Digest;
            HttpResponseMessage put = await Calls.PutManifestAsync(isRoot ? $"{digest}?tag=latest" : digest.ToString(), bytes, type);
            Assert.That((int)put.StatusCode, Is.EqualTo(201), await put.Content.ReadAsStringAsync());
            Assert.That(put.Headers.TryGetValues("OCI-Subject", out IEnumerable<string>? told) ? told.Single() : null, Is.EqualTo(subject?.ToString()));
        }
    }

    private async Task CheckAsync(Digest digest, byte[] bytes, string type, Digest? subject)
    {
        HttpResponseMessage head = await Calls.GetManifestAsync(digest.ToString(), HttpMethod.Head), get = await Calls.GetManifestAsync(digest.ToString());
        byte[] got = await get.Content.ReadAsByteArrayAsync();
        Assert.Multiple(() =>
        {
            Assert.That(head.Content.Headers.ContentLength, Is.EqualTo(bytes.Length));
            Assert.That(get.Content.Headers.ContentType?.ToString(), Is.EqualTo(type));
            Assert.That(get.Headers.GetValues("Docker-Content-Digest"), Is.EqualTo(new[] { digest.ToString() }));
            Assert.That(got.AsSpan().SequenceEqual(bytes), Is.True, "byte by byte"); // a constraint takes seconds for 4 MB
        });
        if (subject is { } about) Assert.That(await ReferrersAsync(about), Does.Contain(digest.ToString()));
    }

    private async Task DeleteAsync(DataSet set)
    {
        Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/manifests/latest")).StatusCode, Is.EqualTo(202));
        foreach ((Digest digest, _, _, Digest? subject) in set.Manifests.Reverse())
        {
            Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/manifests/{digest}")).StatusCode, Is.EqualTo(202));
            Assert.That((int)(await Calls.GetManifestAsync(digest.ToString())).StatusCode, Is.EqualTo(404));
            if (subject is { } about) Assert.That(await ReferrersAsync(about), Does.Not.Contain(digest.ToString()));
        }
        foreach (Digest digest in set.Blobs.Select(blob => blob.Digest).Distinct())
        {
            Assert.That((int)(await Calls.SendAsync(HttpMethod.Delete, $"/v2/{Calls.Repository}/blobs/{digest}")).StatusCode, Is.EqualTo(202));
            Assert.That((int)(await Calls.HeadBlobAsync(digest)).StatusCode, Is.EqualTo(404));
        }
        Assert.That(await Calls.TagsAsync(), Is.Empty);
    }

    private async Task<string[]> ReferrersAsync(Digest subject)
    {
        using JsonDocument body = JsonDocument.Parse(await (await Calls.SendAsync(HttpMethod.Get, $"/v2/{Calls.Repository}/referrers/{subject}")).Content.ReadAsStringAsync());
        return [.. body.RootElement.GetProperty("manifests").EnumerateArray().Select(entry => entry.GetProperty("digest").GetString()!)];
    }
}
