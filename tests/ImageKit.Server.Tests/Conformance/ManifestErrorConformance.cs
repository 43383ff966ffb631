using System.Text;
using ImageKit.Oci;

namespace ImageKit.Server.Tests.Conformance;

/// <summary>Manifests that a registry has to refuse, and those that it must not.</summary>
internal sealed class ManifestErrorConformance(string form) : ConformanceFixture(form)
{
    private const int Limit = 4 * 1024 * 1024;

    [TestCase("{", "MANIFEST_INVALID", TestName = "Text that is no JSON")]
    [TestCase("[]", "MANIFEST_INVALID", TestName = "A list")]
    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""", "MANIFEST_INVALID", TestName = "Another type than it came as")]
    [TestCase("""{"schemaVersion":2,"config":{},"manifests":[],"layers":[]}""", "MANIFEST_INVALID", TestName = "A manifest that is an index too")]
    [TestCase("""{"schemaVersion":2,"layers":[],"layers":[]}""", "MANIFEST_INVALID", TestName = "A key that is there twice")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"a/b","size":2},"layers":[]}""", "MANIFEST_INVALID", TestName = "A config without a digest")]
    public async Task Malformed(string text, string code)
    {
        HttpResponseMessage answer = await Calls.PutManifestAsync("v1", Encoding.UTF8.GetBytes(text));
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { code }));
        Assert.That((int)(await Calls.GetManifestAsync("v1")).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task A_manifest_under_the_digest_of_another_is_refused()
    {
        byte[] manifest = RegistryCalls.Manifest(await Calls.PushAsync("{}"u8.ToArray()), 2);
        HttpResponseMessage answer = await Calls.PutManifestAsync(Digest.Of("other"u8).ToString(), manifest);
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
        Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { "DIGEST_INVALID" }));
    }

    [Test]
    public async Task A_manifest_whose_blobs_are_missing_is_refused()
    {
        HttpResponseMessage answer = await Calls.PutManifestAsync("v1", RegistryCalls.Manifest(Digest.Of(Encoding.UTF8.GetBytes(Calls.Repository)), 2));
        Assert.That((int)answer.StatusCode, Is.EqualTo(404));
        Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { "MANIFEST_BLOB_UNKNOWN" }));
    }

    [Test]
    public async Task A_blob_of_another_repository_is_none_of_this_one()
    {
        Digest config = await Other.PushAsync(Encoding.UTF8.GetBytes($"{{\"of\":\"{Other.Repository}\"}}"));
        Assert.That((int)(await Calls.GetBlobAsync(config)).StatusCode, Is.EqualTo(404));
        Assert.That((int)(await Calls.PutManifestAsync("v1", RegistryCalls.Manifest(config, 2))).StatusCode, Is.EqualTo(404));
    }

    [TestCase(".v1", TestName = "A tag that begins with a dot")]
    [TestCase("-v1", TestName = "A tag that begins with a dash")]
    [TestCase("v%0a1", TestName = "A tag with a line break")]
    [TestCase("sha256:1234", TestName = "A digest that is too short")]
    public async Task References(string reference)
    {
        HttpResponseMessage answer = await Calls.PutManifestAsync(reference, RegistryCalls.Manifest(await Calls.PushAsync("{}"u8.ToArray()), 2));
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
    }

    [TestCase(128, 201, TestName = "A tag of 128 characters")]
    [TestCase(129, 400, TestName = "A tag of 129 characters")]
    public async Task TagLength(int length, int status) =>
        Assert.That((int)(await Calls.PutManifestAsync(new string('t', length), RegistryCalls.Manifest(await Calls.PushAsync("{}"u8.ToArray()), 2))).StatusCode, Is.EqualTo(status));

    [TestCase(-1, 201, TestName = "A manifest of one byte less than the limit")]
    [TestCase(0, 201, TestName = "A manifest of just the limit")]
    [TestCase(1, 413, TestName = "A manifest of one byte more than the limit")]
    public async Task Size(int over, int status)
    {
        Digest config = await Calls.PushAsync("{}"u8.ToArray());
        int frame = RegistryCalls.Manifest(config, 2, ",\"annotations\":{\"x\":\"\"}").Length;
        byte[] manifest = RegistryCalls.Manifest(config, 2, $",\"annotations\":{{\"x\":\"{new string('x', Limit + over - frame)}\"}}");
        HttpResponseMessage answer = await Calls.PutManifestAsync("large", manifest);
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        if (status == 201) Assert.That((await (await Calls.GetManifestAsync("large")).Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(manifest), Is.True);
        else Assert.That(await RegistryCalls.CodesAsync(answer), Is.EqualTo(new[] { "SIZE_INVALID" }));
    }
}
