using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>One large blob from several mirrors at once.</summary>
internal sealed class SharedBlobTests
{
    private const int Size = 2_000_000;

    private InMemoryRegistry _registry = null!;
    private Descriptor _blob = null!;

    [SetUp]
    public async Task Begin()
    {
        _registry = new();
        using RegistryClient client = new(_registry.CreateOptions() with { Mirrors = MirrorConfiguration.None });
        _blob = await SmallImage.PutAsync(client.Repository(ImageReference.Parse("registry.test/a/b")), MediaTypes.LayerGzip, SmallImage.RandomBytes(3, Size));
        _registry.ForgetRequests();
    }

    [TearDown]
    public void End() => _registry.Dispose();

    [Test]
    public async Task All_mirrors_give_parts_and_the_registry_none()
    {
        using RegistryClient client = Client();
        await ReadAsync(client);
        Assert.That(Hosts.Distinct(), Is.EquivalentTo(new[] { "one.test", "two.test" }));
        Assert.That(client.Traffic.Where(host => host.IsMirror).Sum(host => host.Bytes), Is.EqualTo(Size));
        Assert.That(client.Traffic.Where(host => host.IsMirror).Select(host => host.Bytes), Is.All.GreaterThan(0));
    }

    [Test]
    public async Task A_slow_mirror_loses_its_share()
    {
        _registry.Inject(new() { Host = "two.test", OnlyRanges = true, Delay = TimeSpan.FromMilliseconds(150), Times = int.MaxValue });
        using RegistryClient client = Client();
        await ReadAsync(client);
        Dictionary<string, long> bytes = client.Traffic.ToDictionary(host => host.Host, host => host.Bytes);
        Assert.That(bytes["one.test"], Is.GreaterThan(3 * bytes.GetValueOrDefault("two.test")));
    }

    [Test]
    public async Task A_part_that_stalls_is_had_from_another()
    {
        _registry.Inject(new() { Host = "two.test", OnlyRanges = true, StallAfter = 10, Skip = 2, Times = int.MaxValue });
        using RegistryClient client = Client();
        await ReadAsync(client);
    }

    [TestCase(403, TestName = "A mirror that refuses parts is left out")]
    [TestCase(503, TestName = "A mirror that fails is left out")]
    [TestCase(200, TestName = "A mirror that knows no ranges is left out")]
    public async Task Others_do(int status)
    {
        _registry.Inject(status == 200 ? new() { Host = "two.test", OnlyRanges = true, IgnoreRange = true, Times = int.MaxValue } : new() { Host = "two.test", OnlyRanges = true, Status = status, Times = int.MaxValue });
        using RegistryClient client = Client();
        await ReadAsync(client);
    }

    [Test]
    public async Task Where_a_part_is_wrong_the_one_that_gave_it_is_found()
    {
        _registry.Inject(new() { Host = "two.test", OnlyRanges = true, FlipAt = 5, Times = int.MaxValue });
        _registry.Inject(new() { Host = "two.test", FlipAt = 5, Times = int.MaxValue });
        using RegistryClient client = Client();
        MemoryStore target = new();
        IContentSource source = Repository(client);
        Descriptor root = await WrapAsync();
        await ContentCopy.CopyAsync(source, target, root);
        Assert.That(await target.ContainsAsync(_blob), Is.True);
        Assert.That(client.Traffic.Single(host => host.Host == "one.test").State, Is.EqualTo(HostState.Fit));
    }

    private IEnumerable<string> Hosts => _registry.Requests.Where(request => request.Method == "GET" && request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)).Select(request => request.Url.Host);

    private async Task ReadAsync(RegistryClient client)
    {
        await using Stream content = await Repository(client).OpenAsync(_blob);
        using MemoryStream read = new();
        await content.CopyToAsync(read);
        Assert.That(read.Length, Is.EqualTo(Size));
    }

    private async Task<Descriptor> WrapAsync()
    {
        using RegistryClient client = new(_registry.CreateOptions() with { Mirrors = MirrorConfiguration.None });
        RegistryRepository repository = client.Repository(ImageReference.Parse("registry.test/a/b"));
        Descriptor config = await SmallImage.PutAsync(repository, MediaTypes.Empty, "{}"u8.ToArray());
        Document<ImageManifest> manifest = Documents.WriteManifest(new ImageManifest { SchemaVersion = 2, MediaType = MediaTypes.Manifest, ArtifactType = "a/b", Config = config, Layers = [_blob] });
        await manifest.PutAsync(repository);
        return manifest.Descriptor;
    }

    private RegistryClient Client() => new(_registry.CreateOptions() with
    {
        Mirrors = MirrorConfiguration.Of(MirrorList.Of("registry.test", "one.test", "two.test")),
        Ranges = new() { Connections = 3, PartBytes = 50_000, After = TimeSpan.Zero },
    });

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));
}
