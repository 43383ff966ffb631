using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>What goes wrong on the way here: it ends with the right bytes, or with an error that says what happened.</summary>
internal sealed class PullFaultTests
{
    private const string BlobPath = "/blobs/sha256";

    private static IEnumerable<TestCaseData> Mended()
    {
        yield return Row("A connection cut in mid-blob is resumed", new() { Method = "GET", Path = BlobPath, CutAfter = 1000 });
        yield return Row("Three cuts in a row are resumed", new() { Method = "GET", Path = BlobPath, CutAfter = 500, Times = 3 });
        yield return Row("A body that ends early without a length is resumed", new() { Method = "GET", Path = BlobPath, ShortenTo = 1234 });
        yield return Row("503 once", new() { Method = "GET", Path = BlobPath, Status = 503 });
        yield return Row("429 with Retry-After in seconds", new() { Method = "GET", Path = BlobPath, Status = 429, Headers = Header("Retry-After", "1") });
        yield return Row("429 with Retry-After as a date that has passed", new() { Method = "GET", Path = BlobPath, Status = 429, Headers = Header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT") });
        yield return Row("408 once", new() { Method = "GET", Path = BlobPath, Status = 408 });
        yield return Row("A connection broken before the answer", new() { Method = "GET", Path = BlobPath, BreakConnection = true });
        yield return Row("A redirect to another host", new() { Method = "GET", Path = BlobPath, RedirectTo = "https://storage.test{path}" });
        yield return Row("HEAD is not allowed", new() { Method = "HEAD", Path = "/manifests/", Status = 405 });
        yield return Row("HEAD is forbidden", new() { Method = "HEAD", Path = "/manifests/", Status = 403 });
        yield return Row("HEAD without a digest", new() { Method = "HEAD", Path = "/manifests/", Without = ["Docker-Content-Digest"] });
        yield return Row("A manifest whose type is given as plain JSON", new() { Method = "GET", Path = "/manifests/", Headers = Header("Content-Type", "application/json") });
        yield return Row("A stalled connection is resumed after the idle limit", new() { Method = "GET", Path = BlobPath, StallAfter = 700 });
    }

    private static IEnumerable<TestCaseData> Failing()
    {
        yield return Row("A flipped bit in a blob", new() { Method = "GET", Path = BlobPath, FlipAt = 100, Times = 99 }, "IK1103");
        yield return Row("A flipped bit in a manifest", new() { Method = "GET", Path = "/manifests/", FlipAt = 30, Times = 99 }, "IK1103");
        yield return Row("A blob that is not there", new() { Method = "GET", Path = BlobPath, Status = 404, Times = 99 }, "IK1101");
        yield return Row("A wrong length of a blob", new() { Method = "GET", Path = BlobPath, Headers = Header("Content-Encoding", "gzip"), Times = 99 }, "IK2011");
        yield return Row("A manifest offered as an index", new() { Method = "GET", Path = "/manifests/", Headers = Header("Content-Type", MediaTypes.Index), Times = 99 }, "IK1105");
        yield return Row("500 for ever", new() { Method = "GET", Path = BlobPath, Status = 500, Times = 99 }, "IK2010");
        yield return Row("429 that asks for an hour", new() { Method = "GET", Path = BlobPath, Status = 429, Headers = Header("Retry-After", "3600"), Times = 99 }, "IK2009");
        yield return Row("403 with an error body", new() { Method = "GET", Path = BlobPath, Status = 403, Body = """{"errors":[{"code":"DENIED","message":"no","detail":null}]}""", Times = 99 }, "IK2005");
        yield return Row("A connection that is always cut at the same byte", new() { Method = "GET", Path = BlobPath, CutAfter = 0, Times = 99 }, "IK2002");
        yield return Row("A redirect to plain HTTP", new() { Method = "GET", Path = BlobPath, RedirectTo = "http://storage.test{path}", Times = 99 }, "IK2012");
        yield return Row("A redirect into a private network", new() { Method = "GET", Path = BlobPath, RedirectTo = "https://10.0.0.1{path}", Times = 99 }, "IK2012");
        yield return Row("A redirect that never ends", new() { Method = "GET", Path = BlobPath, RedirectTo = "https://registry.test{path}", Times = 99 }, "IK2011");
        yield return Row("An answer that never comes", new() { Method = "GET", Path = BlobPath, Delay = TimeSpan.FromMinutes(5), Times = 99 }, "IK2008");
    }

    [TestCaseSource(nameof(Mended))]
    public async Task Ends_well(RegistryFault fault)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        SmallImage image = await ImageAsync();
        registry.Inject(fault);
        MemoryStore pulled = new();
        RegistryRepository repository = Repository(client);
        Descriptor root = (await repository.ResolveAsync("v1"))!;
        await ContentCopy.CopyAsync(repository, pulled, root);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(root, Is.EqualTo(image.Root));
            Assert.That(await pulled.ContainsAsync(image.Root), Is.True);
        });
    }

    [TestCaseSource(nameof(Failing))]
    public async Task Ends_with_an_error(RegistryFault fault, string code)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        SmallImage image = await ImageAsync();
        registry.Inject(fault);
        MemoryStore pulled = new();
        ImageKitException error = (await Assert.CatchAsync<ImageKitException>(() => ContentCopy.CopyAsync(Repository(client), pulled, image.Root)))!;
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(error.Code, Is.EqualTo(code), error.Message);
            Assert.That(await pulled.ContainsAsync(image.Root), Is.False);
        });
    }

    [Test]
    public async Task A_resumed_blob_asks_only_for_the_rest()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        SmallImage image = await ImageAsync();
        registry.ForgetRequests();
        registry.Inject(new() { Method = "GET", Path = BlobPath, CutAfter = 1000 });
        await using Stream blob = await Repository(client).OpenAsync(image.Layers[0]);
        await blob.CopyToAsync(Stream.Null);
        Assert.That(registry.Requests.Select(request => request.Header("Range")), Is.EqualTo(new[] { null, "bytes=1000-" }));
    }

    [Test]
    public async Task A_server_without_ranges_is_read_past_what_we_have()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        SmallImage image = await ImageAsync();
        registry.Inject(new() { Method = "GET", Path = BlobPath, CutAfter = 1000, IgnoreRange = true });
        registry.Inject(new() { Method = "GET", Path = BlobPath, IgnoreRange = true, Times = 99 });
        await using Stream blob = await Repository(client).OpenAsync(image.Layers[0]);
        await blob.CopyToAsync(Stream.Null); // proves the digest
        Assert.That(registry.Requests.Last().Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Cancelling_is_no_time_out()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        SmallImage image = await ImageAsync();
        registry.Inject(new() { Method = "GET", Path = BlobPath, StallAfter = 10, Times = 99 });
        using CancellationTokenSource cancel = new(100);
        OperationCanceledException error = (await Assert.CatchAsync<OperationCanceledException>(() => ContentCopy.CopyAsync(Repository(client), new MemoryStore(), image.Root, cancel: cancel.Token)))!;
        Assert.That(error.CancellationToken, Is.EqualTo(cancel.Token));
    }

    [Test]
    public async Task What_is_not_there_resolves_to_nothing()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await Repository(client).ResolveAsync("v2"), Is.Null);
            Assert.That(await client.Repository(ImageReference.Parse("registry.test/other")).ResolveAsync("v1"), Is.Null);
            Assert.That((await Assert.ThrowsAsync<RegistryException>(async () => await client.Repository(ImageReference.Parse("registry.test/other")).ListTagsAsync().ToListAsync()))!.Code, Is.EqualTo("IK2006"));
        });
    }

    [Test]
    public async Task Tags_are_listed_over_many_pages()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        registry.Inject(new() { Path = "/tags/list", Status = 200, Body = """{"name":"a/b","tags":["x"]}""", Headers = Header("Link", "</v2/a/b/tags/list?n=1&last=x>; rel=\"next\"") });
        Assert.That(await Repository(client).ListTagsAsync().ToListAsync(), Is.EqualTo(new[] { "x" }).Or.EqualTo(new[] { "x", "v1" }));
    }

    [Test]
    public async Task An_error_tells_every_attempt_and_what_the_registry_said()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = await SeededAsync(registry);
        registry.Inject(new() { Status = 503, Times = 99, Body = """{"errors":[{"code":"UNAVAILABLE","message":"down for repair"}]}""", Headers = Header("X-Request-Id", "r-17") });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(async () => await Repository(client).ListTagsAsync().ToListAsync()))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Kind, Is.EqualTo(RegistryErrorKind.ServerFailed));
            Assert.That(error.Attempts.Select(attempt => attempt.Status), Is.EqualTo(new int?[] { 503, 503, 503, 503, 503 }));
            Assert.That(error.Errors, Is.EqualTo(new[] { new RegistryError("UNAVAILABLE", "down for repair") }));
            Assert.That(error.RequestId, Is.EqualTo("r-17"));
            Assert.That(error.Host, Is.EqualTo("registry.test"));
        });
    }

    private static TestCaseData Row(string name, RegistryFault fault, string? code = null) =>
        (code is null ? new TestCaseData(fault) : new TestCaseData(fault, code)).SetName(name);

    private static System.Collections.Immutable.ImmutableDictionary<string, string> Header(string name, string value) =>
        new RegistryFault().Headers.Add(name, value);

    private static Task<SmallImage> ImageAsync() => SmallImage.MakeAsync(1, 5000);

    private static async Task<RegistryClient> SeededAsync(InMemoryRegistry registry)
    {
        RegistryClient client = new(registry.CreateOptions() with
        {
            Timeouts = new() { Idle = TimeSpan.FromMilliseconds(200), Header = TimeSpan.FromMilliseconds(400), Connect = TimeSpan.FromMilliseconds(100) },
        });
        SmallImage image = await ImageAsync();
        RegistryRepository repository = Repository(client);
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync("v1", image.Root);
        return client;
    }

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));
}
