using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>Uploads that break, go on, come in chunks, and are left and taken up again.</summary>
internal sealed class UploadTests
{
    private const int Size = 2_000_000;

    private static readonly byte[] Bytes = SmallImage.RandomBytes(3, Size);
    private static readonly Descriptor Blob = new() { MediaType = MediaTypes.LayerGzip, Digest = Digest.Of(Bytes), Size = Size };

    [Test]
    public async Task A_broken_upload_sends_only_the_rest()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Method = "PUT", Path = "/blobs/uploads/", BreakBodyAfter = 1_500_000 });
        await PushAsync(client);
        string[] ranges = Ranges(registry);
        Assert.Multiple(() =>
        {
            Assert.That(registry.Contains("a/b", Blob.Digest), Is.True);
            Assert.That(ranges, Is.EqualTo(new[] { "1500000-1999999" }));
            Assert.That(registry.OpenUploads("a/b"), Is.Zero);
        });
    }

    [Test]
    public async Task An_upload_that_breaks_in_every_request_ends_if_it_moves_on()
    {
        using InMemoryRegistry registry = new();
        byte[] bytes = SmallImage.RandomBytes(4, 9_000_000);
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Path = "/blobs/uploads/", OnlyBodiesOver = 1_200_000, BreakBodyAfter = 1_200_000, Times = 99 });
        Descriptor blob = await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, bytes);
        Assert.That(registry.Contains("a/b", blob.Digest), Is.True);
    }

    [TestCase(500_000, null, 4, TestName = "Chunks of the size that was asked for")]
    [TestCase(700_000, null, 3, TestName = "The last chunk is smaller")]
    [TestCase(100_000, "800000", 3, TestName = "The registry wants larger chunks")]
    public async Task Chunks(int chunkBytes, string? least, int count)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions() with { UploadChunkBytes = chunkBytes });
        if (least is not null) registry.Inject(new() { Method = "POST", Headers = new RegistryFault().Headers.Add("OCI-Chunk-Min-Length", least) });
        await PushAsync(client);
        Assert.Multiple(() =>
        {
            Assert.That(Ranges(registry), Has.Length.EqualTo(count));
            Assert.That(registry.Contains("a/b", Blob.Digest), Is.True);
        });
    }

    [Test]
    public async Task A_proxy_that_takes_no_large_request_is_sent_chunks()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Path = "/blobs/uploads/", OnlyBodiesOver = 1_048_576, Status = 413, Times = 99, Body = "<html>Request Entity Too Large</html>" });
        await PushAsync(client);
        Assert.Multiple(() =>
        {
            Assert.That(Ranges(registry)[^1], Is.EqualTo("1048576-1999999"));
            Assert.That(registry.Contains("a/b", Blob.Digest), Is.True);
            Assert.That(registry.OpenUploads("a/b"), Is.Zero);
        });
    }

    [TestCase(1, TestName = "The session is lost after the first chunk")]
    [TestCase(3, TestName = "The session is lost after the third chunk")]
    public async Task A_lost_session_is_begun_anew(int after)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions() with { UploadChunkBytes = 500_000 });
        registry.Inject(new() { Method = "PATCH", Skip = after, Status = 404, Body = """{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}""" });
        registry.Inject(new() { Method = "GET", Path = "/blobs/uploads/", Status = 404 });
        await PushAsync(client);
        Assert.That(registry.Contains("a/b", Blob.Digest), Is.True);
    }

    [TestCase(0)]
    [TestCase(500_000)]
    public async Task Another_process_goes_on_with_what_a_dead_one_left(int chunkBytes)
    {
        using InMemoryRegistry registry = new();
        using TemporaryFolder folder = new();
        RegistryOptions options = registry.CreateOptions() with { SessionFolder = folder.Path, UploadChunkBytes = chunkBytes, Retries = new() { Attempts = 1 } };
        int reached = chunkBytes == 0 ? 1_200_000 : 1_000_000;
        registry.Inject(chunkBytes == 0 ? new() { Method = "PUT", Path = "/blobs/uploads/", BreakBodyAfter = reached } : new() { Method = "PATCH", Skip = 2, BreakConnection = true });
        using (RegistryClient first = new(options)) Assert.That(() => PushAsync(first), Throws.TypeOf<RegistryException>().With.Property("Code").EqualTo("IK2002"));
        registry.ForgetRequests();
        using (RegistryClient second = new(options)) await PushAsync(second);
        Assert.Multiple(() =>
        {
            Assert.That(registry.Requests.Count(request => request.Method == "POST"), Is.Zero, "no second session");
            Assert.That(Ranges(registry)[0], Does.StartWith($"{reached}-"));
            Assert.That(registry.Contains("a/b", Blob.Digest), Is.True);
            Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
        });
    }

    [Test]
    public async Task A_record_of_a_session_that_is_gone_does_no_harm()
    {
        using InMemoryRegistry registry = new();
        using TemporaryFolder folder = new();
        RegistryOptions options = registry.CreateOptions() with { SessionFolder = folder.Path, Retries = new() { Attempts = 1 } };
        registry.Inject(new() { Method = "PUT", Path = "/blobs/uploads/", BreakBodyAfter = 10 });
        using (RegistryClient first = new(options)) await Assert.CatchAsync<RegistryException>(() => PushAsync(first));
        registry.Inject(new() { Method = "GET", Path = "/blobs/uploads/", Status = 404 });
        using (RegistryClient second = new(options)) await PushAsync(second);
        Assert.That(registry.Contains("a/b", Blob.Digest), Is.True);
    }

    [Test]
    public async Task A_cancelled_upload_leaves_neither_session_nor_record()
    {
        using InMemoryRegistry registry = new();
        using TemporaryFolder folder = new();
        using RegistryClient client = new(registry.CreateOptions() with { SessionFolder = folder.Path });
        registry.Inject(new() { Method = "PUT", Path = "/blobs/uploads/", Delay = TimeSpan.FromMinutes(1), Times = 99 });
        using CancellationTokenSource cancel = new(200);
        await Assert.CatchAsync<OperationCanceledException>(() => Repository(client).PutAsync(Blob, new MemoryStream(Bytes), cancel.Token));
        Assert.Multiple(() =>
        {
            Assert.That(registry.OpenUploads("a/b"), Is.Zero);
            Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
        });
    }

    [TestCase("/v2/a/b/blobs/uploads/{0}?state=x%2Fy", TestName = "A relative location with a query")]
    [TestCase("https://registry.test/v2/a/b/blobs/uploads/{0}", TestName = "An absolute location")]
    [TestCase("https://storage.test/v2/a/b/blobs/uploads/{0}?sig=secret", TestName = "A location at another host")]
    public async Task Locations(string location)
    {
        using InMemoryRegistry registry = new("registry.test", new("user", "secret"));
        using RegistryClient client = new(registry.CreateOptions() with { Credentials = CredentialSources.Fixed("registry.test", "user", "secret") });
        registry.Inject(new() { Method = "POST", Skip = 1, Headers = new RegistryFault().Headers.Add("Location", string.Format(System.Globalization.CultureInfo.InvariantCulture, location, "00000001")) });
        await PushAsync(client);
        Assert.Multiple(() =>
        {
            Assert.That(registry.Contains("a/b", Blob.Digest), Is.True);
            Assert.That(registry.Requests.Where(request => request.Url.Host == "storage.test").Select(request => request.Header("Authorization")), Is.All.Null);
        });
    }

    [Test]
    public async Task A_blob_that_another_repository_has_is_mounted_without_being_named()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        await PushAsync(client);
        registry.ForgetRequests();
        await client.Repository(ImageReference.Parse("registry.test/c/d")).PutAsync(Blob, new MemoryStream(Bytes));
        Assert.That(registry.Requests.Select(request => request.Method), Is.EqualTo(new[] { "HEAD", "POST" }));
    }

    [Test]
    public async Task A_registry_that_refuses_such_a_mount_is_asked_but_once()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Method = "POST", Status = 400 });
        await PushAsync(client);
        await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(5, 100));
        Assert.That(registry.Requests.Where(request => request.Method == "POST").Select(request => request.Url.Query), Is.EqualTo(new[] { $"?mount={Uri.EscapeDataString(Blob.Digest.ToString())}", "", $"?digest={Uri.EscapeDataString(Digest.Of(SmallImage.RandomBytes(5, 100)).ToString())}" }));
    }

    private static string[] Ranges(InMemoryRegistry registry) =>
        [.. registry.Requests.Where(request => request.Method == "PATCH").Select(request => request.Header("Content-Range")).OfType<string>()];

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));

    private static Task PushAsync(RegistryClient client) =>
        Repository(client).PutAsync(Blob, _ => Task.FromResult<Stream>(new MemoryStream(Bytes, writable: false)));
}
