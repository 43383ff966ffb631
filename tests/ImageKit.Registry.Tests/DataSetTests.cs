using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>The data sets that the specification's conformance suite tries on registries, moved by this client: pushed, copied and pulled, byte by byte the same.</summary>
internal sealed class DataSetTests
{
    private const string Octets = "application/octet-stream";

    private static readonly Dictionary<string, Action<Maker>> Sets = new()
    {
        ["image"] = maker => maker.Root(maker.Image("a")),
        ["image-uncompressed"] = maker => maker.Root(maker.Manifest(MediaTypes.Config, "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}", [(MediaTypes.Layer, "plain")])),
        ["large-manifest"] = maker => maker.Root(maker.Manifest(MediaTypes.Config, "{}", [(MediaTypes.Layer, "x")], manifest =>
            manifest["annotations"] = new JsonObject(Enumerable.Range(0, 390).Select(number => KeyValuePair.Create($"note{number.ToString(CultureInfo.InvariantCulture)}", (JsonNode?)new string('x', 10_000)))))),
        ["index"] = maker => maker.Root(maker.Index([maker.Image("a"), maker.Image("b")])),
        ["nested-index"] = maker => maker.Root(maker.Index([maker.Index([maker.Image("a")]), maker.Index([maker.Image("b"), maker.Image("c")])])),
        ["empty-index"] = maker => maker.Root(maker.Index([])),
        ["artifact"] = maker => maker.Root(maker.Manifest(MediaTypes.Empty, "{}", [(Octets, "content")], Typed)),
        ["artifact-index"] = maker => maker.Root(maker.Index([maker.Manifest(MediaTypes.Empty, "{}", [(Octets, "one")], Typed)], Typed)),
        ["artifact-without-layers"] = maker => maker.Root(maker.Manifest(MediaTypes.Empty, "{}", [(MediaTypes.Empty, "{}")], Typed)),
        ["artifacts-with-subject"] = maker =>
        {
            JsonObject image = maker.Image("a");
            maker.Root(maker.Manifest(MediaTypes.Empty, "{}", [(Octets, "signature")], manifest => About(manifest, image)));
        },
        ["index-with-subject"] = maker =>
        {
            JsonObject image = maker.Image("a");
            maker.Root(maker.Index([maker.Image("b")], index => About(index, image)));
        },
        ["missing-subject"] = maker => maker.Root(maker.Manifest(MediaTypes.Empty, "{}", [(Octets, "signature")], manifest =>
            About(manifest, new JsonObject { ["mediaType"] = MediaTypes.Manifest, ["digest"] = "sha256:" + new string('1', 64), ["size"] = 123 }))),
        ["data-field"] = maker => maker.Root(maker.Manifest(MediaTypes.Empty, "{}", [(Octets, "inline")], manifest => manifest["layers"]![0]!["data"] = Convert.ToBase64String("inline"u8))),
        ["non-distributable-layers"] = maker => maker.Root(maker.Manifest(MediaTypes.Config, "{}", [(MediaTypes.Layer, "x")], manifest => ((JsonArray)manifest["layers"]!).Add(new JsonObject
        {
            ["mediaType"] = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            ["digest"] = "sha256:" + new string('2', 64),
            ["size"] = 99,
            ["urls"] = new JsonArray("https://elsewhere.test/layer"),
        }))),
        ["custom-fields"] = maker => maker.Root(maker.Manifest(MediaTypes.Config, "{\"x-config\":{\"a\":[1,null,\"é\"]}}", [(MediaTypes.Layer, "x")], manifest => manifest["x-custom"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) })),
        ["no-layers"] = maker => maker.Root(maker.Manifest(MediaTypes.Config, "{}", [])),
        ["sha512"] = maker => maker.Root(maker.With512().Image("a")),
        ["docker"] = maker => maker.Root(maker.Manifest(MediaTypes.DockerConfig, "{}", [(MediaTypes.DockerLayerGzip, "x")], mediaType: MediaTypes.DockerManifest)),
        ["unknown-types"] = maker => maker.Root(maker.Manifest("application/vnd.example.config.v9+weird", "any bytes", [("text/vnd.strange; charset=utf-8", "x")])),
    };

    private static IEnumerable<string> Names => Sets.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task Moves_as_it_is(string name)
    {
        Maker maker = new();
        Sets[name](maker);
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        RegistryRepository first = client.Repository(ImageReference.Parse("registry.test/a")), second = client.Repository(ImageReference.Parse("registry.test/b"));
        await maker.FillAsync();
        await ContentCopy.CopyAsync(maker.Store, first, maker.RootOf);
        await first.TagAsync("v1", maker.RootOf);
        await ContentCopy.CopyAsync(first, second, maker.RootOf);
        MemoryStore pulled = new();
        await ContentCopy.CopyAsync(second, pulled, maker.RootOf);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That((await first.ResolveAsync("v1"))?.Size, Is.EqualTo(maker.RootOf.Size));
            foreach (Descriptor blob in maker.Needed)
            {
                byte[] bytes = await Documents.ReadBytesAsync(pulled, blob);
                Assert.That(bytes, Is.EqualTo(maker.Bytes(blob)), blob.MediaType);
            }
            Assert.That(registry.Requests.Where(request => request.Url.Host == "elsewhere.test"), Is.Empty, "URLs in descriptors are nobody's business here");
        });
    }

    private static void Typed(JsonObject manifest) => manifest["artifactType"] = "application/vnd.example.artifact";

    private static void About(JsonObject manifest, JsonObject subject)
    {
        Typed(manifest);
        manifest["subject"] = subject.DeepClone();
    }

    /// <summary>Makes documents as text, so that nothing of ours has a hand in them.</summary>
    private sealed class Maker
    {
        private readonly Dictionary<Digest, (Descriptor Blob, byte[] Bytes)> _made = [];
        private bool _sha512;

        public MemoryStore Store { get; } = new();

        public Descriptor RootOf { get; private set; } = null!;

        /// <summary>What the root needs: of a subject nothing.</summary>
        public IEnumerable<Descriptor> Needed => Walk(RootOf.Digest);

        public Maker With512()
        {
            _sha512 = true;
            return this;
        }

        public byte[] Bytes(Descriptor blob) => _made[blob.Digest].Bytes;

        public void Root(JsonObject descriptor) => RootOf = _made[Digest.Parse((string)descriptor["digest"]!)].Blob;

        public JsonObject Image(string text) => Manifest(MediaTypes.Config, $"{{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[]}},\"author\":\"{text}\"}}", [(MediaTypes.LayerGzip, text + "1"), (MediaTypes.LayerGzip, text + "2")]);

        public JsonObject Manifest(string configType, string config, (string Type, string Text)[] layers, Action<JsonObject>? change = null, string mediaType = MediaTypes.Manifest)
        {
            JsonObject manifest = new()
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = mediaType,
                ["config"] = Blob(configType, Encoding.UTF8.GetBytes(config)),
                ["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)Blob(layer.Type, Encoding.UTF8.GetBytes(layer.Text)))]),
            };
            change?.Invoke(manifest);
            return Blob(mediaType, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }

        public JsonObject Index(JsonObject[] entries, Action<JsonObject>? change = null)
        {
            JsonObject index = new() { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.Index, ["manifests"] = new JsonArray([.. entries.Select(entry => (JsonNode)entry.DeepClone())]) };
            change?.Invoke(index);
            return Blob(MediaTypes.Index, Encoding.UTF8.GetBytes(index.ToJsonString()));
        }

        public async Task FillAsync()
        {
            foreach ((Descriptor blob, byte[] bytes) in _made.Values) await Store.PutAsync(blob, new MemoryStream(bytes));
        }

        private JsonObject Blob(string mediaType, byte[] bytes)
        {
            Digest digest = _sha512 ? Digest.OfSha512(System.Security.Cryptography.SHA512.HashData(bytes)) : Digest.Of(bytes);
            _made[digest] = (new() { MediaType = mediaType, Digest = digest, Size = bytes.Length }, bytes);
            return new JsonObject { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = bytes.Length };
        }

        private IEnumerable<Descriptor> Walk(Digest digest)
        {
            if (!_made.TryGetValue(digest, out (Descriptor Blob, byte[] Bytes) node)) yield break; // a layer that registries do not hold
            yield return node.Blob;
            if (!MediaTypes.IsManifest(node.Blob.MediaType) && !MediaTypes.IsIndex(node.Blob.MediaType)) yield break;
            JsonNode document = JsonNode.Parse(node.Bytes)!;
            IEnumerable<JsonNode?> children = [.. document["manifests"] as JsonArray ?? [], .. document["layers"] as JsonArray ?? [], document["config"]];
            foreach (JsonNode child in children.OfType<JsonNode>())
                foreach (Descriptor below in Walk(Digest.Parse((string)child["digest"]!))) yield return below;
        }
    }
}
