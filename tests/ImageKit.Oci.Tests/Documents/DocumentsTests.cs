using System.Text;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Reading;

public class DocumentsTests
{
    private static readonly string Zeros = "sha256:" + new string('0', 64);
    private static readonly string Config = $$"""{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{Zeros}}","size":2}""";

    [Test]
    public async Task Bytes_are_kept_as_they_came()
    {
        string text = $"{{ \"layers\": [],\n\"config\":{Config},\"schemaVersion\":2, \"future\": {{\"b\":1,\"a\":2}} }}";
        Document<ImageManifest> manifest = await ReadAsync(text);
        Assert.That(Encoding.UTF8.GetString(manifest.Bytes.Span), Is.EqualTo(text));
        Assert.That(manifest.Value.Unknown, Contains.Key("future"));
        Assert.That(Encoding.UTF8.GetString(Documents.WriteManifest(manifest.Value).Bytes.Span), Does.Contain("\"future\": {\n    \"b\": 1,\n    \"a\": 2\n  }"));
    }

    [TestCase("\"manifests\":[]", TestName = "a manifest with a list of manifests")]
    [TestCase("\"Manifests\":[]", TestName = "a manifest with a list of manifests that Go would see")]
    [TestCase("\"Layers\":[]", TestName = "a manifest with a second list of layers that Go would see")]
    [TestCase("\"mediaType\":\"application/vnd.oci.image.index.v1+json\"", TestName = "a manifest that calls itself an index")]
    [TestCase("\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"", TestName = "a manifest that calls itself Docker's")]
    public void Refuses_what_can_be_read_in_two_ways(string field) => Assert.That(() => ReadAsync($"{{\"schemaVersion\":2,\"config\":{Config},\"layers\":[],{field}}}"),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1105"));

    [TestCase("\"layers\":[]")]
    [TestCase("\"config\":{}")]
    [TestCase("\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"")]
    public void Refuses_an_index_that_is_a_manifest_too(string field)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"{{\"schemaVersion\":2,\"manifests\":[],{field}}}");
        Assert.That(() => Documents.ParseIndex(bytes, Samples.Blob(bytes, MediaTypes.Index)), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1105"));
    }

    [TestCase("", TestName = "an empty manifest")]
    [TestCase("null", TestName = "a manifest of null")]
    [TestCase("[]", TestName = "a manifest that is a list")]
    [TestCase("{\"schemaVersion\":2}", TestName = "a manifest without config and layers")]
    [TestCase("{\"schemaVersion\":2,\"schemaVersion\":2,CONFIG,\"layers\":[]}", TestName = "a field that stands twice")]
    [TestCase("{\"schemaVersion\":2,CONFIG,\"layers\":[],\"x\":{\"a\":1,\"a\":2}}", TestName = "an unknown field with a name that stands twice")]
    [TestCase("{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"a\",\"digest\":\"sha256:../../etc\",\"size\":1}]}", TestName = "a digest that is a path")]
    [TestCase("{\"schemaVersion\":2,CONFIG,\"layers\":[{\"mediaType\":\"a\",\"digest\":\"ZEROS\",\"size\":1e300}]}", TestName = "a size beyond all bounds")]
    [TestCase("{\"schemaVersion\":2,CONFIG,\"layers\":[null]}", TestName = "a layer that is null")]
    [TestCase("{\"schemaVersion\":2,CONFIG,\"layers\":null}", TestName = "layers that are null")]
    public void Refuses_what_is_malformed(string text) => Assert.That(
        () => ReadAsync(text.Replace("CONFIG", $"\"config\":{Config}", StringComparison.Ordinal).Replace("ZEROS", Zeros, StringComparison.Ordinal)),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1005"));

    [Test]
    public void Deep_nesting_is_an_error_and_no_crash() => Assert.That(() => ReadAsync(new string('[', 100_000)),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1005"));

    [TestCase(0, null)]
    [TestCase(1, "IK1006")]
    public void A_manifest_has_at_most_4_MiB(int beyond, string? code)
    {
        string text = $"{{\"schemaVersion\":2,\"config\":{Config},\"layers\":[]}}";
        text += new string(' ', Documents.MaxManifestBytes + beyond - text.Length);
        Assert.That(() => ReadAsync(text), code is null ? Throws.Nothing : Throws.TypeOf<ContentException>().With.Property("Code").EqualTo(code));
    }

    [Test]
    public void A_size_that_nobody_has_memory_for_allocates_nothing() => Assert.That(
        () => Documents.ReadManifestAsync(new MemoryStore(), new() { MediaType = MediaTypes.Manifest, Digest = Digest.Parse(Zeros), Size = long.MaxValue }),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1006"));

    [Test]
    public void What_is_written_has_plus_signs_and_no_escapes()
    {
        var config = new ImageConfig { Os = "linux", Architecture = "amd64", Author = "Zoë <z@example.com> 'a' & +", Rootfs = new() { DiffIds = [Digest.Parse(Zeros)] } };
        string text = Encoding.UTF8.GetString(Documents.WriteConfig(config).Bytes.Span);
        Assert.That(text, Is.EqualTo($$$"""{"architecture":"amd64","author":"Zoë <z@example.com> 'a' & +","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{Zeros}}}"]}}"""));
    }

    [Test]
    public void A_config_of_another_maker_keeps_its_fields()
    {
        byte[] bytes = Encoding.UTF8.GetBytes($$$"""
            {"container":"abc","docker_version":"20.10.24","architecture":"arm64","variant":"v8","os":"linux","config":{"Hostname":"x","Env":null,"Cmd":["sh"],"Image":"sha256:1","Labels":null,"ExposedPorts":{"80/tcp":{}} } ,
             "rootfs":{"type":"layers","diff_ids":["{{{Zeros}}}"]},"moby.buildkit.buildinfo.v1":"e30="}
            """);
        ImageConfig config = Documents.ParseConfig(bytes, Samples.Blob(bytes, MediaTypes.DockerConfig)).Value;
        string written = Encoding.UTF8.GetString(Documents.WriteConfig(config).Bytes.Span);
        Assert.That(written, Does.Contain("\"container\":\"abc\"").And.Contain("\"docker_version\":\"20.10.24\"").And.Contain("\"Hostname\":\"x\"")
            .And.Contain("\"Image\":\"sha256:1\"").And.Contain("\"moby.buildkit.buildinfo.v1\":\"e30=\"").And.Contain("\"80/tcp\":{}").And.Contain("\"variant\":\"v8\""));
    }

    private static async Task<Document<ImageManifest>> ReadAsync(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var store = new MemoryStore();
        Descriptor descriptor = Samples.Blob(bytes, MediaTypes.Manifest);
        await store.PutAsync(descriptor, new MemoryStream(bytes));
        return await Documents.ReadManifestAsync(store, descriptor);
    }
}
