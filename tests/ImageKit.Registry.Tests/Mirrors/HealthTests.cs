using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>What a client learns of how fast mirrors are and which fail, what it does with that, and what it tells the next one.</summary>
internal sealed class HealthTests
{
    private static readonly ImageReference Name = ImageReference.Parse("registry.test/a/b");

    private InMemoryRegistry _registry = null!;
    private SmallImage _image = null!;
    private TemporaryFolder _folder = null!;

    [SetUp]
    public async Task Begin()
    {
        (_registry, _folder) = (new(), new());
        _image = await SmallImage.MakeAsync(1, 300_000, 310_000, 320_000, 330_000);
        using RegistryClient client = new(_registry.CreateOptions());
        await ContentCopy.CopyAsync(_image.Store, client.Repository(Name), _image.Root);
        _registry.ForgetRequests();
    }

    [TearDown]
    public void End()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Of_mirrors_of_equal_rank_the_fastest_lately_is_asked_first()
    {
        _registry.Inject(new() { Host = "slow.test", Delay = TimeSpan.FromMilliseconds(120), Times = 999 });
        using RegistryClient client = Client(MirrorOrder.Fastest, "slow.test", "fast.test");
        foreach (Descriptor layer in _image.Layers[..2]) await ReadAsync(client, layer); // both are measured
        _registry.ForgetRequests();
        foreach (Descriptor layer in _image.Layers[2..]) await ReadAsync(client, layer);
        Assert.That(Hosts, Is.EqualTo(new[] { "fast.test" }));
        HostTraffic slow = client.Traffic.Single(host => host.Host == "slow.test"), fast = client.Traffic.Single(host => host.Host == "fast.test");
        Assert.That(slow.Latency, Is.GreaterThan(fast.Latency!.Value));
        Assert.That(fast.BytesPerSecond, Is.GreaterThan(0));
    }

    [Test]
    public async Task Listed_mirrors_keep_their_order_however_slow_they_are()
    {
        _registry.Inject(new() { Host = "slow.test", Delay = TimeSpan.FromMilliseconds(50), Times = 999 });
        using RegistryClient client = Client(MirrorOrder.Listed, "slow.test", "fast.test");
        foreach (Descriptor layer in _image.Layers) await ReadAsync(client, layer);
        Assert.That(Hosts, Is.EqualTo(new[] { "slow.test" }));
    }

    [Test]
    public async Task Who_is_later_than_he_uses_to_be_is_not_waited_for()
    {
        using RegistryClient client = Client(MirrorOrder.Listed, "one.test", "two.test");
        await ReadAsync(client, _image.Layers[0]);
        _registry.Inject(new() { Host = "one.test", Delay = TimeSpan.FromMinutes(1), Times = 999 });
        await ReadAsync(client, _image.Layers[1]); // the limit of an answer is 15 seconds
        Assert.That(Hosts, Is.EqualTo(new[] { "one.test", "two.test" }));
        Assert.That(client.Traffic.Single(host => host.Host == "one.test").State, Is.EqualTo(HostState.Fit), "late is not broken");
    }

    [Test]
    public async Task Where_the_second_one_fails_the_late_one_is_waited_for()
    {
        using RegistryClient client = Client(MirrorOrder.Listed, "one.test");
        await ReadAsync(client, _image.Layers[0]);
        _registry.Inject(new() { Host = "one.test", Delay = TimeSpan.FromSeconds(1), Times = 999 });
        _registry.Inject(new() { Host = "registry.test", Status = 404, Times = 999 });
        await ReadAsync(client, _image.Layers[1]);
    }

    [Test]
    public async Task The_next_client_leaves_a_quarantined_mirror_alone()
    {
        _registry.Inject(new() { Host = "bad.test", Path = "/blobs/", FlipAt = 5, Times = 999 });
        using (RegistryClient first = Client(MirrorOrder.Listed, "bad.test")) await ContentCopy.CopyAsync(first.Repository(Name), new MemoryStore(), _image.Root);
        Assert.That(Hosts, Does.Contain("bad.test"));
        _registry.ForgetRequests();
        using RegistryClient next = Client(MirrorOrder.Listed, "bad.test");
        await ContentCopy.CopyAsync(next.Repository(Name), new MemoryStore(), _image.Root);
        Assert.That(Hosts, Is.EqualTo(new[] { "registry.test" }));
        Assert.That(next.Traffic.Single(host => host.IsMirror).State, Is.EqualTo(HostState.Quarantined));
    }

    [Test]
    public async Task The_next_client_knows_who_is_fast()
    {
        _registry.Inject(new() { Host = "slow.test", Delay = TimeSpan.FromMilliseconds(120), Times = 999 });
        using (RegistryClient first = Client(MirrorOrder.Fastest, "slow.test", "fast.test")) foreach (Descriptor layer in _image.Layers) await ReadAsync(first, layer);
        _registry.ForgetRequests();
        using RegistryClient next = Client(MirrorOrder.Fastest, "slow.test", "fast.test");
        await ReadAsync(next, _image.Layers[0]);
        Assert.That(Hosts, Is.EqualTo(new[] { "fast.test" }));
    }

    [TestCase("{", TestName = "A file that is torn")]
    [TestCase("[]", TestName = "A file that is a list")]
    [TestCase("""{"one.test":{"until":"9999-01-01T00:00:00Z","quarantined":true}}""", TestName = "A quarantine without end")]
    [TestCase("""{"one.test":{"until":"2001-01-01T00:00:00Z","quarantined":true}}""", TestName = "A quarantine that is over")]
    [TestCase("""{"one.test":{"latency":"x","measured":7}}""", TestName = "A file of another form")]
    [TestCase("""{"one.test":{"latency":-1,"bytesPerSecond":1e300,"measured":"2001-01-01T00:00:00Z"}}""", TestName = "Measurements of long ago")]
    public async Task A_file_that_says_nothing_of_use_does_no_harm(string text)
    {
        await File.WriteAllTextAsync(HealthPath, text);
        using RegistryClient client = Client(MirrorOrder.Fastest, "one.test");
        await ReadAsync(client, _image.Layers[0]);
        Assert.That(Hosts, Is.EqualTo(new[] { "one.test" }));
    }

    private string HealthPath => Path.Combine(_folder.Path, "mirrors.json");

    private string[] Hosts => [.. _registry.Requests.Where(request => request.Method == "GET" && request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)).Select(request => request.Url.Host).Distinct()];

    private RegistryClient Client(MirrorOrder order, params string[] mirrors)
    {
        MirrorList list = MirrorList.Of("registry.test", [.. mirrors]);
        return new(_registry.CreateOptions() with { Mirrors = MirrorConfiguration.Of(list with { Rules = [list.Rules[0] with { Order = order }] }), HealthFile = HealthPath });
    }

    private static async Task ReadAsync(RegistryClient client, Descriptor blob)
    {
        await using Stream content = await client.Repository(Name).OpenAsync(blob);
        await content.CopyToAsync(Stream.Null);
    }
}
