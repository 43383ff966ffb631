using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Mirrors;

/// <summary>Pulling through configured mirrors: who is asked what, and who never is.</summary>
internal sealed class MirroredPullTests
{
    private const string Upstream = "registry.test";
    private static readonly ImageReference Tagged = ImageReference.Parse("registry.test/a/b:v1");

    private InMemoryRegistry _registry = null!, _mirror = null!;
    private SmallImage _image = null!;
    private Notices _notices = null!;

    [SetUp]
    public async Task Make()
    {
        (_registry, _mirror, _notices) = (new(Upstream), new("mirror.test"), new());
        _image = await SmallImage.MakeAsync(1, 50_000);
        foreach (InMemoryRegistry registry in new[] { _registry, _mirror })
        {
            using RegistryClient client = new(registry.CreateOptions() with { Mirrors = MirrorConfiguration.None });
            RegistryRepository repository = client.Repository(ImageReference.Parse($"{registry.Host}/a/b"));
            await ContentCopy.CopyAsync(_image.Store, repository, _image.Root);
            await repository.TagAsync("v1", _image.Root);
            registry.ForgetRequests();
        }
    }

    [TearDown]
    public void Close()
    {
        _registry.Dispose();
        _mirror.Dispose();
    }

    [Test]
    public async Task ContentComesFromTheMirrorAndTheRegistrySaysWhatTheTagMeans()
    {
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]");
        await PullAsync(client, Tagged);
        Assert.That(_registry.Requests.Select(request => request.ToString()), Is.EqualTo(new[] { "HEAD registry.test/v2/a/b/manifests/v1 200" }));
        Assert.That(_mirror.Requests.Count(request => request.Method == "GET"), Is.EqualTo(3), "manifest, configuration, layer");
        Assert.That(_notices.All, Is.Empty);
        Assert.That(client.Traffic.Single(traffic => traffic.IsMirror), Has.Property("Bytes").GreaterThan(50_000).And.Property("Host").EqualTo("mirror.test"));
    }

    [Test]
    public async Task AStaleTagOfAMirrorIsFoundOut()
    {
        SmallImage other = await RetagAsync(_mirror);
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]");
        Assert.That((await ResolveAsync(client))!.Digest, Is.EqualTo(_image.Root.Digest));
        Assert.That(_notices.All.Single().Message, Does.Contain("behind").And.Contain(other.Root.Digest.ToString()));
    }

    [Test]
    public async Task AMirrorIsBelievedWhereTheRegistryCannotBeReachedAndThatIsSaid()
    {
        _registry.Inject(new() { BreakConnection = true, Times = 99 });
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]");
        await PullAsync(client, Tagged);
        Assert.That(_notices.All.Single().Message, Does.Contain("could not be asked"));
    }

    [Test]
    public async Task ByPolicyTheMirrorAloneIsAsked()
    {
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]\ntags = \"mirror\"");
        await PullAsync(client, Tagged);
        Assert.That(_registry.Requests, Is.Empty);
    }

    [Test]
    public async Task ByPolicyTheRegistryAloneSaysWhatATagMeans()
    {
        _registry.Inject(new() { Status = 503, Times = 99 });
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]\ntags = \"upstream\"");
        Assert.That(async () => await ResolveAsync(client), Throws.InstanceOf<RegistryException>().With.Property("Code").EqualTo("IK2010"));
        Assert.That(_mirror.Requests, Is.Empty);
    }

    [Test]
    public async Task ATagThatIsGoneIsGoneThoughTheMirrorStillHasIt()
    {
        _registry.Inject(new() { Status = 404, Path = "/manifests/", Times = 99 });
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]");
        Assert.That(await ResolveAsync(client), Is.Null);
    }

    [Test]
    public async Task ADigestNeedsNoRegistry()
    {
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]");
        await PullAsync(client, ImageReference.Parse($"registry.test/a/b@{_image.Root.Digest}"));
        Assert.That(_registry.Requests, Is.Empty);
    }

    [TestCase(404, HostState.Fit)]
    [TestCase(403, HostState.Fit)]
    [TestCase(429, HostState.Cooling)]
    [TestCase(503, HostState.Cooling)]
    public async Task WhatAMirrorDoesNotGiveTheRegistryDoes(int status, HostState state)
    {
        _mirror.Inject(new() { Status = status, Times = 99 });
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]");
        await PullAsync(client, Tagged);
        Assert.That(client.Traffic.Single(traffic => traffic.IsMirror).State, Is.EqualTo(state));
        if (state == HostState.Cooling) Assert.That(_mirror.Requests, Has.Length.LessThanOrEqualTo(2), "it is left alone then");
    }

    [Test]
    public async Task AMirrorWithWrongBytesIsQuarantined()
    {
        _mirror.Inject(new() { Method = "GET", Path = "/blobs/", FlipAt = 100, Times = 99 });
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]");
        await PullAsync(client, Tagged);
        Assert.That(client.Traffic.Single(traffic => traffic.IsMirror).State, Is.EqualTo(HostState.Quarantined));
        _mirror.ForgetRequests();
        await PullAsync(client, Tagged);
        Assert.That(_mirror.Requests, Is.Empty);
    }

    [Test]
    public async Task WhatIsPushedGoesToTheRegistryAlone()
    {
        SmallImage other = await SmallImage.MakeAsync(1, 7000);
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]\ntags = \"mirror\"");
        RegistryRepository repository = client.Repository(Tagged);
        await ContentCopy.CopyAsync(other.Store, repository, other.Root);
        await repository.TagAsync("v2", other.Root);
        Assert.That(_mirror.Requests, Is.Empty);
        Assert.That(_registry.Tags("a/b"), Does.Contain("v2"));
    }

    [Test]
    public async Task TheLoginOfTheRegistryReachesNoMirrorAndAMirrorIsToldNoPrivateName()
    {
        ICredentialSource login = CredentialSources.Fixed(Upstream, "me", "secret");
        using RegistryClient careful = Client("mirrors = [\"mirror.test\"]", login);
        await PullAsync(careful, Tagged);
        Assert.That(_mirror.Requests, Is.Empty, "there is a login: the image may be private");
        Assert.That((await careful.PlanAsync(Tagged)).Endpoints[0].Skipped, Does.Contain("login"));

        _mirror.Inject(new() { Status = 401, Headers = new RegistryFault().Headers.Add("WWW-Authenticate", "Basic realm=\"give it to me\""), Times = 99 });
        using RegistryClient told = Client("mirrors = [\"mirror.test\"]\nwith-login = \"use-mirrors\"", login);
        await PullAsync(told, Tagged);
        Assert.That(_mirror.Requests, Is.Not.Empty);
        Assert.That(_mirror.Requests.Where(request => request.Header("Authorization") is not null), Is.Empty);
    }

    [Test]
    public async Task AMirrorHasALoginOfItsOwn()
    {
        using InMemoryRegistry guarded = new("mirror.test", new RegistryLogin("mirror-user", "mirror-secret"));
        using RegistryClient seeding = new(guarded.CreateOptions() with { Mirrors = MirrorConfiguration.None, Credentials = CredentialSources.Fixed("mirror.test", "mirror-user", "mirror-secret") });
        await ContentCopy.CopyAsync(_image.Store, seeding.Repository(ImageReference.Parse("mirror.test/a/b")), _image.Root);
        _mirror.Dispose();
        _mirror = guarded;
        using RegistryClient client = Client("mirrors = [\"mirror.test\"]", CredentialSources.Fixed("mirror.test", "mirror-user", "mirror-secret"));
        await PullAsync(client, Tagged);
        Assert.That(client.Traffic.Single(traffic => traffic.IsMirror).Bytes, Is.GreaterThan(50_000));
    }

    [Test]
    public async Task AnEndpointIsAskedAsItsFileSays()
    {
        HostsToml hosts = HostsToml.Parse("[host.\"https://mirror.test/v2\"]\ncapabilities = [\"pull\"]\n[host.\"https://mirror.test/v2\".header]\nx-key = \"mine\"\n", Upstream);
        using RegistryClient client = Client(MirrorConfiguration.Of(hosts), CredentialSources.Anonymous);
        await PullAsync(client, Tagged);
        Assert.That(_mirror.Requests.Select(request => (request.Url.Query, request.Header("x-key"))).Distinct(), Is.EqualTo(new[] { ("?ns=registry.test", "mine") }));
        Assert.That(_mirror.Requests.Any(request => request.Url.AbsolutePath.EndsWith("/v1", StringComparison.Ordinal)), Is.False, "it may not resolve tags");
        Assert.That(_registry.Requests.Any(request => request.Header("x-key") is not null), Is.False);
    }

    [Test]
    public void WhatIsBlockedIsNotPulledAndABrokenFileIsNotPassedOver()
    {
        using RegistryClient blocked = Client("blocked = true"), broken = Client("mirrors = [1]");
        Assert.That(async () => await ResolveAsync(blocked), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2044"));
        Assert.That(async () => await ResolveAsync(broken), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2040"));
        Assert.That(_registry.Requests, Is.Empty);
    }

    [Test]
    public async Task ProbesTellWhatEveryEndpointHas()
    {
        SmallImage other = await RetagAsync(_mirror);
        using RegistryClient client = Client("mirrors = [\"mirror.test\", \"mirror.test/nowhere\"]");
        EndpointProbe[] probes = [.. await client.ProbeAsync(Tagged)];
        Assert.That(probes.Select(probe => probe.Found?.Digest), Is.EqualTo(new Digest?[] { other.Root.Digest, null, _image.Root.Digest }));
    }

    private static async Task<SmallImage> RetagAsync(InMemoryRegistry registry)
    {
        SmallImage other = await SmallImage.MakeAsync(1, 3000);
        using RegistryClient client = new(registry.CreateOptions() with { Mirrors = MirrorConfiguration.None });
        RegistryRepository repository = client.Repository(ImageReference.Parse($"{registry.Host}/a/b"));
        await ContentCopy.CopyAsync(other.Store, repository, other.Root);
        await repository.TagAsync("v1", other.Root);
        registry.ForgetRequests();
        return other;
    }

    private static Task<Descriptor?> ResolveAsync(RegistryClient client) => client.Repository(Tagged).ResolveAsync("v1");

    private static async Task PullAsync(RegistryClient client, ImageReference reference)
    {
        RegistryRepository repository = client.Repository(reference);
        Descriptor root = (await repository.ResolveAsync(reference.Digest?.ToString() ?? reference.Tag!))!;
        await ContentCopy.CopyAsync(repository, new MemoryStore(), root);
    }

    private RegistryClient Client(string ofRegistry, ICredentialSource? credentials = null) =>
        Client(MirrorConfiguration.Of(ImageKitToml.Parse($"[registry.\"{Upstream}\"]\n{ofRegistry}\n")), credentials ?? CredentialSources.Anonymous);

    private RegistryClient Client(MirrorConfiguration mirrors, ICredentialSource credentials) => new(_registry.CreateOptions() with
    {
        HandlerFactory = _ => new ByHost(_registry, _mirror),
        Credentials = credentials,
        Mirrors = mirrors,
        Notices = _notices,
    });

    /// <summary>Brings requests to the registry of their host.</summary>
    private sealed class ByHost(InMemoryRegistry registry, InMemoryRegistry mirror) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _registry = new(registry.CreateHandler()), _mirror = new(mirror.CreateHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (request.RequestUri!.Host.EndsWith("mirror.test", StringComparison.Ordinal) ? _mirror : _registry).SendAsync(request, cancellationToken);
    }

    private sealed class Notices : IProgress<RegistryNotice>
    {
        public List<RegistryNotice> All { get; } = [];

        public void Report(RegistryNotice value)
        {
            lock (All) All.Add(value);
        }
    }
}
