using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ImageKit.Oci;

namespace ImageKit.Server.Tests.Conformance;

/// <summary>One of the specification's data sets, made as text.</summary>
internal sealed class DataSet
{
    private const string Octets = "application/octet-stream", ExampleType = "application/vnd.example.artifact";

    private static readonly Dictionary<string, Action<DataSet>> Makers = new()
    {
        ["image"] = set => set.Image("a"),
        ["image-uncompressed"] = set => set.Manifest([(MediaTypes.Layer, "plain")]),
        ["large-manifest"] = set => set.Manifest([(MediaTypes.Layer, "x")], manifest => manifest["annotations"] =
            new JsonObject(Enumerable.Range(0, 390).Select(number => KeyValuePair.Create($"note{number.ToString(CultureInfo.InvariantCulture)}", (JsonNode?)new string('x', 10_000))))),
        ["index"] = set => set.Index([set.Image("a"), set.Image("b")]),
        ["nested-index"] = set => set.Index([set.Index([set.Image("a")]), set.Index([set.Image("b")])]),
        ["empty-index"] = set => set.Index([]),
        ["artifact"] = set => set.Manifest([(Octets, "content")], Typed),
        ["artifact-index"] = set => set.Index([set.Manifest([(Octets, "one")], Typed)], Typed),
        ["artifact-without-layers"] = set => set.Manifest([], Typed),
        ["artifacts-with-subject"] = set =>
        {
            JsonObject image = set.Image("a");
            set.Manifest([(Octets, "signature")], manifest => About(manifest, image));
            set.Manifest([(Octets, "bill")], manifest => About(manifest, image));
        },
        ["index-with-subject"] = set =>
        {
            JsonObject image = set.Image("a");
            set.Index([set.Image("b")], index => About(index, image));
        },
        ["missing-subject"] = set => set.Manifest([(Octets, "signature")], manifest => About(manifest, new JsonObject { ["mediaType"] = MediaTypes.Manifest, ["digest"] = "sha256:" + new string('1', 64), ["size"] = 123 })),
        ["data-field"] = set => set.Manifest([(Octets, "inline")], manifest => manifest["layers"]![0]!["data"] = Convert.ToBase64String("inline"u8)),
        ["non-distributable-layers"] = set => set.Manifest([(MediaTypes.Layer, "x")], manifest => ((JsonArray)manifest["layers"]!).Add(new JsonObject
        {
            ["mediaType"] = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            ["digest"] = "sha256:" + new string('2', 64),
            ["size"] = 99,
            ["urls"] = new JsonArray("https://elsewhere.test/layer"),
        })),
        ["custom-fields"] = set => set.Manifest([(MediaTypes.Layer, "x")], manifest => manifest["x-custom"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) }),
        ["no-layers"] = set => set.Manifest([]),
        ["sha512"] = set => set.With512().Image("a"),
        ["sha512-index"] = set => set.With512().Index([set.Image("a")]),
        ["docker"] = set => set.Manifest([(MediaTypes.DockerLayerGzip, "x")], mediaType: MediaTypes.DockerManifest),
        ["docker-list"] = set => set.Index([set.Manifest([(MediaTypes.DockerLayerGzip, "x")], mediaType: MediaTypes.DockerManifest)], mediaType: MediaTypes.DockerIndex),
        ["unknown-types"] = set => set.Manifest([("text/vnd.strange; charset=utf-8", "x")]),
    };

    private readonly List<(Digest Digest, byte[] Bytes)> _blobs = [];
    private readonly List<(Digest Digest, byte[] Bytes, string Type, Digest? Subject)> _manifests = [];
    private string _algorithm = "sha256";

    public static IEnumerable<string> Names => Makers.Keys;

    public IReadOnlyList<(Digest Digest, byte[] Bytes)> Blobs => _blobs;

    /// <summary>In the order in which they have to be pushed; the root is last.</summary>
    public IReadOnlyList<(Digest Digest, byte[] Bytes, string Type, Digest? Subject)> Manifests => _manifests;

    public static DataSet Make(string name)
    {
        DataSet set = new();
        Makers[name](set);
        return set;
    }

    private static void Typed(JsonObject manifest) => manifest["artifactType"] = ExampleType;

    private static void About(JsonObject manifest, JsonObject subject)
    {
        Typed(manifest);
        manifest["subject"] = subject.DeepClone();
    }

    private DataSet With512()
    {
        _algorithm = "sha512";
        return this;
    }

    private JsonObject Image(string text) => Manifest([(MediaTypes.LayerGzip, text + "1"), (MediaTypes.LayerGzip, text + "2")]);

    private JsonObject Manifest((string Type, string Text)[] layers, Action<JsonObject>? change = null, string mediaType = MediaTypes.Manifest)
    {
        JsonObject manifest = new()
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["config"] = Blob(MediaTypes.Config, "{}"),
            ["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode)Blob(layer.Type, layer.Text))]),
        };
        return Keep(manifest, mediaType, change);
    }

    private JsonObject Index(JsonObject[] entries, Action<JsonObject>? change = null, string mediaType = MediaTypes.Index) =>
        Keep(new() { ["schemaVersion"] = 2, ["mediaType"] = mediaType, ["manifests"] = new JsonArray([.. entries.Select(entry => (JsonNode)entry.DeepClone())]) }, mediaType, change);

    private JsonObject Keep(JsonObject document, string mediaType, Action<JsonObject>? change)
    {
        change?.Invoke(document);
        byte[] bytes = Encoding.UTF8.GetBytes(document.ToJsonString());
        Digest digest = RegistryCalls.DigestOf(bytes, _algorithm);
        _manifests.Add((digest, bytes, mediaType, document["subject"] is { } subject ? Digest.Parse((string)subject["digest"]!) : null));
        return Descriptor(mediaType, digest, bytes.Length);
    }

    private JsonObject Blob(string mediaType, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Digest digest = RegistryCalls.DigestOf(bytes, _algorithm);
        _blobs.Add((digest, bytes));
        return Descriptor(mediaType, digest, bytes.Length);
    }

    private static JsonObject Descriptor(string mediaType, Digest digest, int size) => new() { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = size };
}
