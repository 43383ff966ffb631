using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>Reading from several endpoints: what one fails to give, the next one does, and the bytes are right.</summary>
internal sealed class FailOverTests
{
    private static IEnumerable<TestCaseData> Failing()
    {
        yield return Row("The mirror lacks the blob", new() { Status = 404 });
        yield return Row("The mirror forbids the blob", new() { Status = 403, Body = """{"errors":[{"code":"DENIED"}]}""" });
        yield return Row("The mirror is over its limit", new() { Status = 429 });
        yield return Row("The mirror fails", new() { Status = 503 });
        yield return Row("The mirror breaks the connection", new() { BreakConnection = true });
        yield return Row("The mirror breaks off in mid-blob", new() { CutAfter = 1000 });
        yield return Row("The mirror stalls in mid-blob", new() { StallAfter = 1000 });
        yield return Row("The mirror ends the blob early as if it were whole", new() { ShortenTo = 1000 });
        yield return Row("The mirror sends a web page", new() { Status = 200, Body = "<html>log in</html>", Headers = new RegistryFault().Headers.Add("Content-Type", "text/html") });
        yield return Row("The mirror packs the blob", new() { Headers = new RegistryFault().Headers.Add("Content-Encoding", "gzip") });
        yield return Row("The mirror's blob has a wrong bit", new() { FlipAt = 2000 });
        yield return Row("The mirror redirects to plain HTTP", new() { RedirectTo = "http://storage.test{path}" });
    }

    [TestCaseSource(nameof(Failing))]
    public async Task The_next_endpoint_gives_what_the_first_fails_to(RegistryFault fault)
    {
        using InMemoryRegistry registry = new();
        SmallImage image = await SeedAsync(registry);
        registry.Inject(fault with { Method = "GET", Host = "mirror.test", Path = "/blobs/", Times = 99 });
        MemoryStore pulled = new();
        CopyResult result = await ContentCopy.CopyAsync(Routed(registry), pulled, image.Root);
        Assert.Multiple(() =>
        {
            Assert.That(result.BlobsWritten, Is.EqualTo(3));
            Assert.That(registry.Requests.Where(request => request.Method == "GET" && request.Url.Host == "registry.test" && request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)), Is.Not.Empty);
            Assert.That(registry.Requests.Count(request => request.Url.Host == "mirror.test" && request.Url.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal)), Is.EqualTo(1), "manifests come from the mirror still");
        });
    }

    [Test]
    public async Task A_blob_goes_on_at_the_next_endpoint_where_the_first_stopped()
    {
        using InMemoryRegistry registry = new();
        SmallImage image = await SeedAsync(registry);
        registry.Inject(new() { Host = "mirror.test", Path = "/blobs/", CutAfter = 1000 });
        await using Stream blob = await Routed(registry).OpenAsync(image.Layers[0]);
        await blob.CopyToAsync(Stream.Null); // proves the digest over both
        Assert.That(registry.Requests.Select(request => (request.Url.Host, request.Header("Range"))),
            Is.EqualTo(new (string, string?)[] { ("mirror.test", null), ("registry.test", "bytes=1000-") }));
    }

    [Test]
    public async Task A_manifest_with_wrong_bytes_is_asked_of_the_next_endpoint()
    {
        using InMemoryRegistry registry = new();
        SmallImage image = await SeedAsync(registry);
        registry.Inject(new() { Host = "mirror.test", Path = "/manifests/", FlipAt = 3, Times = 99 });
        MemoryStore pulled = new();
        await ContentCopy.CopyAsync(Routed(registry), pulled, image.Root);
        Assert.That(await pulled.ContainsAsync(image.Root), Is.True);
    }

    [Test]
    public async Task An_error_tells_of_every_endpoint()
    {
        using InMemoryRegistry registry = new();
        SmallImage image = await SeedAsync(registry);
        registry.Inject(new() { Host = "mirror.test", Status = 403, Times = 99 });
        registry.Inject(new() { Host = "registry.test", Status = 500, Times = 99 });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Routed(registry).OpenAsync(image.Layers[0])))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo("IK2010"));
            Assert.That(error.Attempts.Select(attempt => attempt.Status), Is.EqualTo(new int?[] { 403, 500, 500, 500, 500, 500 }));
            Assert.That(error.Attempts[0].Request, Does.Contain("mirror.test"));
        });
    }

    [Test]
    public async Task What_is_written_goes_to_the_repository_alone()
    {
        using InMemoryRegistry registry = new();
        SmallImage image = await SmallImage.MakeAsync(1, 5000);
        RegistryRepository repository = Routed(registry);
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync("v1", image.Root);
        Assert.That(registry.Requests.Where(request => request.Method != "GET").Select(request => request.Url.Host).Distinct(), Is.EqualTo(new[] { "registry.test" }));
    }

    private static TestCaseData Row(string name, RegistryFault fault) => new TestCaseData(fault).SetName(name);

    private static async Task<SmallImage> SeedAsync(InMemoryRegistry registry)
    {
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 50_000);
        await ContentCopy.CopyAsync(image.Store, client.Repository(ImageReference.Parse("registry.test/a/b")), image.Root);
        registry.ForgetRequests();
        return image;
    }

    private static RegistryRepository Routed(InMemoryRegistry registry)
    {
        Transport transport = new(registry.CreateOptions() with
        {
            Timeouts = new() { Idle = TimeSpan.FromMilliseconds(200), Header = TimeSpan.FromMilliseconds(400), Connect = TimeSpan.FromMilliseconds(100) },
        });
        RepositoryRequests mirror = new(transport, transport.Endpoint(new EndpointKey(RegistryHost.Parse("mirror.test")) { IsMirror = true }), "a/b");
        RepositoryRequests upstream = new(transport, transport.Endpoint(RegistryHost.Parse("registry.test")), "a/b");
        return new(upstream, [], new ReadRoute([mirror, upstream]));
    }
}
