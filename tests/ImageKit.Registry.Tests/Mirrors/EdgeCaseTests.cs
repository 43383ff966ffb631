using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>What becomes of a pull when a mirror does not do as it should, and which host is sent what on the way: cases beside those of FailOverTests and MirroredPullTests.</summary>
internal sealed class EdgeCaseTests
{
    private static readonly ImageReference Name = ImageReference.Parse("registry.test/a/b:v1");

    private InMemoryRegistry _registry = null!, _mirror = null!;
    private SmallImage _image = null!;
    private List<RegistryNotice> _notices = null!;

    [SetUp]
    public async Task Begin()
    {
        (_registry, _mirror, _notices) = (new(), new("mirror.test"), []);
        _image = await SmallImage.MakeAsync(1, 50_000, 60_000);
        foreach (InMemoryRegistry registry in new[] { _registry, _mirror }) await SeedAsync(registry, new(registry.CreateOptions()));
    }

    [TearDown]
    public void End()
    {
        _registry.Dispose();
        _mirror.Dispose();
    }

    [TestCase(true, TestName = "A mirror that wants a token gives one to nobody in particular")]
    [TestCase(false, TestName = "A mirror that wants a login is asked once for a token, then the next one is asked")]
    public async Task Tokens(bool anonymous)
    {
        using InMemoryRegistry closed = new("mirror.test", new("me", "x") { UsesTokens = true, AllowsAnonymousPull = anonymous });
        await SeedAsync(closed, new(closed.CreateOptions() with { Credentials = CredentialSources.Fixed("mirror.test", "me", "x") }));
        using RegistryClient client = Client(closed, "mirrors = [\"mirror.test\"]");
        await PullAsync(client);
        Assert.That(client.Traffic.Single(host => host.IsMirror).Bytes > 0, Is.EqualTo(anonymous));
        Assert.That(closed.Requests.Select(request => request.Header("Authorization")).Where(sent => sent is not null), Is.All.StartsWith("Bearer "));
    }

    [Test]
    public async Task A_mirror_is_left_alone_for_as_long_as_it_says()
    {
        _mirror.Inject(new() { Status = 429, Headers = Header("Retry-After", "3000"), Times = 99 });
        string file = Path.GetTempFileName();
        using (RegistryClient client = Client(_mirror, "mirrors = [\"mirror.test\"]", options => options with { HealthFile = file })) await PullAsync(client);
        Assert.That(HealthFile.Read(file, DateTimeOffset.UtcNow)["mirror.test"].Until, Is.EqualTo(DateTimeOffset.UtcNow.AddSeconds(3000)).Within(TimeSpan.FromMinutes(1)));
        File.Delete(file);
        Assert.That(_mirror.Requests, Has.Length.LessThanOrEqualTo(2), "the next endpoint is asked at once");
    }

    [Test]
    public async Task Failures_of_the_storage_behind_a_mirror_count_against_it()
    {
        _mirror.Inject(new() { Host = "cdn.mirror.test", Status = 503, Times = 999 });
        _mirror.Inject(new() { Host = "mirror.test", Method = "GET", Path = "/blobs/", RedirectTo = "https://cdn.mirror.test{path}", Times = 999 });
        using RegistryClient client = Client(_mirror, "mirrors = [\"mirror.test\"]");
        await PullAsync(client);
        Assert.That(client.Traffic.Single(host => host.IsMirror), Has.Property("State").EqualTo(HostState.Cooling).And.Property("Bytes").Zero);
    }

    [Test]
    public async Task That_a_host_refuses_HEAD_is_remembered()
    {
        _registry.Inject(new() { Method = "HEAD", Path = "/manifests/", Status = 405, Times = 99 });
        using RegistryClient client = Client(_mirror, "");
        foreach (string tag in new[] { "v1", "v1", "v1" }) Assert.That((await client.Repository(Name).ResolveAsync(tag))!.Digest, Is.EqualTo(_image.Root.Digest));
        Assert.That(_registry.Requests.Count(request => request.Method == "HEAD"), Is.EqualTo(1));
    }

    [Test]
    public async Task Lists_and_what_is_about_an_image_are_asked_of_the_registry_itself()
    {
        using RegistryClient client = Client(_mirror, "mirrors = [\"mirror.test\"]");
        Assert.That(await client.Repository(Name).ListTagsAsync().ToListAsync(), Is.EqualTo(new[] { "v1" }));
        Assert.That(await client.Repository(Name).ListReferrersAsync(_image.Root.Digest), Is.Empty);
        Assert.That(_mirror.Requests, Is.Empty);
    }

    [Test]
    public async Task Headers_of_a_mirror_go_to_no_storage_that_it_names()
    {
        _mirror.Inject(new() { Host = "mirror.test", Method = "GET", Path = "/blobs/", RedirectTo = "https://cdn.mirror.test{path}", Times = 999 });
        using RegistryClient client = Client(_mirror, "mirrors = [{ url = \"mirror.test\", header = { x-key = \"mine\" } }]");
        await PullAsync(client);
        Assert.That(_mirror.Requests.Where(request => request.Header("x-key") is not null).Select(request => request.Url.Host).Distinct(), Is.EqualTo(new[] { "mirror.test" }));
        Assert.That(_mirror.Requests.Select(request => request.Url.Host), Does.Contain("cdn.mirror.test"));
    }

    [TestCase("other.test", 1, TestName = "A mirror that answers for another registry is told of, once")]
    [TestCase("registry.test", 0, TestName = "One that answers for the right one is not")]
    public async Task Namespaces(string told, int notices)
    {
        _mirror.Inject(new() { Headers = Header("OCI-Namespace", told), Times = 99 });
        using RegistryClient client = Client(_mirror, "mirrors = [{ url = \"mirror.test\", namespace = true }]");
        await PullAsync(client);
        Assert.That(_notices.Count(notice => notice.Message.Contains("other.test", StringComparison.Ordinal)), Is.EqualTo(notices));
        Assert.That(_mirror.Requests.Select(request => request.Url.Query), Is.All.EqualTo("?ns=registry.test"));
        Assert.That(_registry.Requests.Select(request => request.Url.Query), Is.All.Empty, "the registry itself is no proxy");
    }

    private async Task SeedAsync(InMemoryRegistry registry, RegistryClient client)
    {
        using (client)
        {
            RegistryRepository repository = client.Repository(ImageReference.Parse($"{registry.Host}/a/b"));
            await ContentCopy.CopyAsync(_image.Store, repository, _image.Root);
            await repository.TagAsync("v1", _image.Root);
            registry.ForgetRequests();
        }
    }

    private static async Task PullAsync(RegistryClient client)
    {
        RegistryRepository repository = client.Repository(Name);
        await ContentCopy.CopyAsync(repository, new MemoryStore(), (await repository.ResolveAsync("v1"))!);
    }

    private RegistryClient Client(InMemoryRegistry mirror, string ofRegistry, Func<RegistryOptions, RegistryOptions>? with = null)
    {
        RegistryOptions options = _registry.CreateOptions() with
        {
            HandlerFactory = _ => new ByHost(_registry, mirror),
            Mirrors = MirrorConfiguration.Of(ImageKitToml.Parse($"[registry.\"registry.test\"]\n{ofRegistry}\n")),
            Notices = new Listener(_notices),
        };
        return new(with is null ? options : with(options));
    }

    private static System.Collections.Immutable.ImmutableDictionary<string, string> Header(string name, string value) => new RegistryFault().Headers.Add(name, value);

    private sealed class ByHost(InMemoryRegistry registry, InMemoryRegistry mirror) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _registry = new(registry.CreateHandler()), _mirror = new(mirror.CreateHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (request.RequestUri!.Host.EndsWith("mirror.test", StringComparison.Ordinal) ? _mirror : _registry).SendAsync(request, cancellationToken);
    }

    private sealed class Listener(List<RegistryNotice> told) : IProgress<RegistryNotice>
    {
        public void Report(RegistryNotice value)
        {
            lock (told) told.Add(value);
        }
    }
}
