using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests.Sync;

internal sealed class RegistrySyncTests
{
    private InMemoryRegistry _source = null!, _target = null!;
    private RegistryClient _client = null!;

    [SetUp]
    public async Task Make()
    {
        (_source, _target) = (new("source.test"), new("target.test"));
        _client = new(_source.CreateOptions() with { HandlerFactory = _ => new ByHost(_source, _target) });
        foreach ((int seed, string tag) in new[] { "1.0", "1.1", "2.0", "edge" }.Index()) await PushAsync("source.test/team/app", tag, seed);
        await PushAsync("source.test/team/other", "1.0", 7);
        await PushAsync("source.test/else/app", "1.0", 8);
        Forget();
    }

    [TearDown]
    public void Close()
    {
        _client.Dispose();
        _source.Dispose();
        _target.Dispose();
    }

    [Test]
    public async Task CopiesWhatIsChosenAndThenNothingMore()
    {
        const string rules = "rules:\n- source: source.test/team/app\n  target: target.test/mirror/app\n  tags: {semver: '1.x'}\n";
        SyncReport first = await RunAsync(rules);
        Assert.That(first.Entries.Select(entry => (entry.Target, entry.Outcome)), Is.EqualTo(new[]
        {
            ("target.test/mirror/app:1.0", SyncOutcome.Copied), ("target.test/mirror/app:1.1", SyncOutcome.Copied),
        }));
        Assert.That(_target.Tags("mirror/app"), Is.EqualTo(new[] { "1.0", "1.1" }));
        Forget();
        SyncReport second = await RunAsync(rules);
        Assert.That(second.Count(SyncOutcome.Unchanged), Is.EqualTo(2));
        Assert.That(_source.Requests.Where(request => request.Url.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal)).Select(request => request.Method), Is.All.EqualTo("HEAD"), "which counts as no pull");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task TheListsOfWhatIsAboutAnImageAreEachRegistrysOwn(bool referrers)
    {
        foreach (InMemoryRegistry registry in new[] { _source, _target })
        {
            registry.Inject(new() { Path = "/referrers/", Status = 404, Times = int.MaxValue });
            registry.Inject(new() { Method = "PUT", Path = "/manifests/", Without = ["OCI-Subject"], Times = int.MaxValue });
        }
        RegistryRepository from = _client.Repository(ImageReference.Parse("source.test/team/app")), to = _client.Repository(ImageReference.Parse("target.test/app"));
        Descriptor image = (await from.ResolveAsync("1.0"))!;
        Digest theirs = (await Artifact.PutAsync(from, new() { ArtifactType = "application/vnd.test.theirs", Subject = image })).Descriptor.Digest;
        string rules = $"rules:\n- source: source.test/team/app\n  target: target.test/app\n  referrers: {(referrers ? "true" : "false")}\n";
        await RunAsync(rules);
        Digest own = (await Artifact.PutAsync(to, new() { ArtifactType = "application/vnd.test.own", Subject = image })).Descriptor.Digest;
        await PushAsync("source.test/team/app", "1.0", 30); // so that there is something to copy
        SyncReport again = await RunAsync(rules);
        Assert.That(again.Entries.Select(entry => entry.Target), Has.None.Contain("sha256-"));
        Assert.That((await to.ListReferrersAsync(image.Digest)).Select(entry => entry.Digest), Is.EquivalentTo(referrers ? new[] { own, theirs } : [own]));
    }

    [Test]
    public async Task ADryRunWritesNothing()
    {
        SyncReport report = await RunAsync("rules:\n- source: source.test/team/app:1.0\n  target: target.test/app:stable\n", dryRun: true);
        Assert.That(report.Entries.Single(), Has.Property("Outcome").EqualTo(SyncOutcome.Copied).And.Property("Target").EqualTo("target.test/app:stable"));
        Assert.That(_target.Requests.Select(request => request.Method), Is.All.EqualTo("HEAD").Or.EqualTo("GET"));
        Assert.That(_target.Repositories, Is.Empty);
    }

    [Test]
    public async Task WhatIsNotChosenIsDeletedOnlyWhereTheRuleSaysSo()
    {
        await PushAsync("target.test/app", "old", 20);
        await PushAsync("target.test/app", "sha256-0000000000000000000000000000000000000000000000000000000000000000.sig", 21);
        const string rules = "rules:\n- source: source.test/team/app\n  target: target.test/app\n  tags: ['1\\.\\d']\n";
        await RunAsync(rules);
        Assert.That(_target.Tags("app"), Does.Contain("old"));
        SyncReport tried = await RunAsync(rules + "  delete: true\n", dryRun: true);
        Assert.That(tried.Entries.Where(entry => entry.Outcome == SyncOutcome.Deleted).Select(entry => entry.Target), Is.EqualTo(new[] { "target.test/app:old" }));
        Assert.That(_target.Tags("app"), Does.Contain("old"));
        await RunAsync(rules + "  delete: true\n");
        Assert.That(_target.Tags("app").Where(tag => !tag.StartsWith("sha256-", StringComparison.Ordinal)), Is.EqualTo(new[] { "1.0", "1.1" }));
    }

    [Test]
    public async Task AFailureStopsNothingElseAndNothingIsDeletedThen()
    {
        await PushAsync("target.test/app", "old", 20);
        Forget();
        _source.Inject(new() { Path = "/manifests/1.1", Status = 403, Body = """{"errors":[{"code":"DENIED"}]}""", Times = 99 });
        SyncReport report = await RunAsync("""
            rules:
            - source: source.test/team/app
              target: target.test/app
              delete: true
            - source: source.test/nowhere/app
              target: target.test/nowhere
            - source: source.test/team/app:gone
              target: target.test/gone
            """);
        Assert.That(report.Count(SyncOutcome.Copied), Is.EqualTo(3));
        Assert.That(report.Count(SyncOutcome.Deleted), Is.Zero);
        Assert.That(report.Entries.Where(entry => entry.Outcome == SyncOutcome.Failed).Select(entry => entry.Error!.Code), Is.EqualTo(new[] { "IK2005", "IK2051" }));
        Assert.That(_target.Tags("app"), Is.EqualTo(new[] { "1.0", "2.0", "edge", "old" }));
    }

    [Test]
    public async Task AStarTakesEveryRepositoryThatBeginsSo()
    {
        SyncReport report = await RunAsync("rules:\n- source: source.test/team/*\n  target: target.test/copy/*\n  tags: ['1.0']\n  except-repositories: ['team/oth.*']\n");
        Assert.That(report.Entries.Select(entry => entry.Target), Is.EqualTo(new[] { "target.test/copy/app:1.0" }));
        Assert.That(_target.Repositories, Is.EqualTo(new[] { "copy/app" }));
    }

    [Test]
    public async Task BelowTheFloorNothingMoreIsPulled()
    {
        RegistryFault limits = new() { Path = "/manifests/", Times = 999, Headers = new RegistryFault().Headers.Add("RateLimit-Limit", "100;w=21600").Add("RateLimit-Remaining", "4;w=21600") };
        _source.Inject(limits);
        SyncReport report = await RunAsync("rules:\n- source: source.test/team/app\n  target: target.test/app\n  rate-limit-floor: 5\n");
        Assert.That(report.Count(SyncOutcome.Skipped), Is.EqualTo(4));
        Assert.That(_source.Requests.Where(request => request.Method == "GET" && request.Url.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal)), Is.Empty);
        Assert.That((await RunAsync("rules:\n- source: source.test/team/app\n  target: target.test/app\n  rate-limit-floor: 4\n")).Count(SyncOutcome.Copied), Is.EqualTo(4));
    }

    [Test]
    public async Task OfAnIndexThePlatformsOfTheRuleAreCopied()
    {
        MemoryStore store = new();
        Descriptor amd = await PlatformAsync(store, 31), arm = await PlatformAsync(store, 32);
        Document<IndexManifest> index = Documents.WriteIndex(new IndexManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Index,
            Manifests = [amd with { Platform = Platform.Parse("linux/amd64") }, arm with { Platform = Platform.Parse("linux/arm64") }],
        });
        await index.PutAsync(store);
        RegistryRepository repository = _client.Repository(ImageReference.Parse("source.test/multi"));
        await ContentCopy.CopyAsync(store, repository, index.Descriptor);
        await repository.TagAsync("v1", index.Descriptor);
        const string rules = "rules:\n- source: source.test/multi\n  target: target.test/multi\n  platforms: linux/arm64\n";
        Assert.That((await RunAsync(rules)).Entries.Single().Digest, Is.EqualTo(arm.Digest));
        Assert.That(_target.Contains("multi", amd.Digest), Is.False);
        Assert.That((await RunAsync(rules)).Entries.Single().Outcome, Is.EqualTo(SyncOutcome.Unchanged));
    }

    private static async Task<Descriptor> PlatformAsync(MemoryStore store, int seed)
    {
        SmallImage image = await SmallImage.MakeAsync(seed, 500);
        await ContentCopy.CopyAsync(image.Store, store, image.Root);
        return image.Root;
    }

    private Task<SyncReport> RunAsync(string text, bool dryRun = false) => new RegistrySync(_client).RunAsync(SyncFile.Parse(text), dryRun);

    private async Task PushAsync(string name, string tag, int seed)
    {
        SmallImage image = await SmallImage.MakeAsync(seed, 1000);
        RegistryRepository repository = _client.Repository(ImageReference.Parse(name));
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync(tag, image.Root);
    }

    private void Forget()
    {
        _source.ForgetRequests();
        _target.ForgetRequests();
    }

    private sealed class ByHost(InMemoryRegistry source, InMemoryRegistry target) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _source = new(source.CreateHandler()), _target = new(target.CreateHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            (request.RequestUri!.Host == "target.test" ? _target : _source).SendAsync(request, cancellationToken);
    }
}
