using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>What goes wrong on the way there, and what a push costs.</summary>
internal sealed class PushFaultTests
{
    private static IEnumerable<TestCaseData> Mended()
    {
        yield return Row("The connection breaks in the body of an upload", new() { Method = "PUT", Path = "/blobs/uploads/", BreakBodyAfter = 100 });
        yield return Row("An upload is answered with 503", new() { Method = "PUT", Path = "/blobs/uploads/", Status = 503 });
        yield return Row("The session of an upload is lost", new() { Method = "PUT", Path = "/blobs/uploads/", Status = 404, Body = """{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}""" });
        yield return Row("Opening an upload fails once", new() { Method = "POST", Status = 500 });
        yield return Row("The manifest is answered with 502", new() { Method = "PUT", Path = "/manifests/", Status = 502 });
        yield return Row("HEAD of blobs is not allowed", new() { Method = "HEAD", Path = "/blobs/", Status = 405, Times = 99 });
        yield return Row("The login is refused in mid-push", new() { Method = "PUT", Path = "/blobs/uploads/", Status = 401 });
    }

    private static IEnumerable<TestCaseData> Failing()
    {
        yield return Row("403 on opening an upload", new() { Method = "POST", Status = 403, Times = 99 }, "IK2005");
        yield return Row("413 on a manifest", new() { Method = "PUT", Path = "/manifests/", Status = 413, Times = 99 }, "IK2013");
        yield return Row("An upload without a location", new() { Method = "POST", Without = ["Location"], Times = 99 }, "IK2011");
        yield return Row("A location without TLS", new() { Method = "POST", Headers = new RegistryFault().Headers.Add("Location", "http://other.test/up"), Times = 99 }, "IK2012");
        yield return Row("A manifest stored under another digest", new() { Method = "PUT", Path = "/manifests/", Headers = new RegistryFault().Headers.Add("Docker-Content-Digest", "sha256:" + new string('0', 64)), Times = 99 }, "IK2011");
        yield return Row("The connection always breaks", new() { Path = "/blobs/uploads/", BreakConnection = true, Times = 99 }, "IK2002");
        yield return Row("Each request breaks after a few bytes", new() { Path = "/blobs/uploads/", BreakBodyAfter = 10, OnlyBodiesOver = 0, Times = 999 }, "IK2002");
    }

    [TestCaseSource(nameof(Mended))]
    public async Task Ends_well(RegistryFault fault)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 50_000);
        registry.Inject(fault);
        await PushAsync(client, image);
        Assert.Multiple(() =>
        {
            Assert.That(registry.Tags("a/b"), Is.EqualTo(new[] { "v1" }));
            Assert.That(registry.OpenUploads("a/b"), Is.Zero);
        });
    }

    [TestCaseSource(nameof(Failing))]
    public async Task Ends_with_an_error(RegistryFault fault, string code)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 50_000);
        registry.Inject(fault);
        ImageKitException error = (await Assert.CatchAsync<ImageKitException>(() => PushAsync(client, image)))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo(code), error.Message);
            Assert.That(registry.Tags("a/b"), Is.Empty);
        });
    }

    [Test]
    public async Task A_push_of_what_is_there_asks_once_for_the_manifest_and_once_for_the_tag()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 1000, 2000);
        await PushAsync(client, image);
        registry.ForgetRequests();
        await PushAsync(client, image);
        Assert.That(registry.Requests.Select(request => request.Method), Is.EqualTo(new[] { "HEAD", "HEAD" }));
    }

    [Test]
    public async Task A_child_image_sends_only_its_new_layer()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        await PushAsync(client, await SmallImage.MakeAsync(1, 1000));
        registry.ForgetRequests();
        await PushAsync(client, await SmallImage.MakeAsync(1, 1000, 2000));
        Assert.That(registry.Requests.Count(request => request.Method is "PUT" or "POST" && request.Status == 201 && request.Url.AbsolutePath.Contains("/uploads/", StringComparison.Ordinal)), Is.EqualTo(2), "the layer and the config");
    }

    [Test]
    public async Task Blobs_of_a_neighbouring_repository_are_mounted()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 1000, 2000);
        await PushAsync(client, image);
        registry.ForgetRequests();
        RegistryRepository other = client.Repository(ImageReference.Parse("registry.test/c/d"), mountFrom: ["nowhere", "a/b"]);
        CopyResult result = await ContentCopy.CopyAsync(image.Store, other, image.Root);
        Assert.Multiple(() =>
        {
            Assert.That(result.BlobsWritten, Is.EqualTo(1), "the manifest");
            Assert.That(registry.OpenUploads("c/d"), Is.Zero);
            Assert.That(registry.Contains("c/d", image.Root.Digest), Is.True);
        });
    }

    [Test]
    public async Task A_copy_inside_one_registry_moves_no_blob()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 1000, 2000);
        await PushAsync(client, image);
        registry.ForgetRequests();
        await ContentCopy.CopyAsync(Repository(client), client.Repository(ImageReference.Parse("registry.test/c/d")), image.Root);
        Assert.That(registry.Requests.Where(request => request.Method == "GET" && request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task A_stream_with_other_bytes_than_promised_leaves_nothing()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = new() { MediaType = MediaTypes.LayerGzip, Digest = Digest.Of("right"u8), Size = 5 };
        ContentException error = (await Assert.ThrowsAsync<ContentException>(() => Repository(client).PutAsync(blob, new MemoryStream("wrong"u8.ToArray()))))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo("IK1103"));
            Assert.That(registry.OpenUploads("a/b"), Is.Zero);
            Assert.That(registry.Contains("a/b", blob.Digest), Is.False);
        });
    }

    [Test]
    public async Task A_cancelled_push_closes_its_upload()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 5000);
        registry.Inject(new() { Method = "PUT", Path = "/blobs/uploads/", Delay = TimeSpan.FromMinutes(1), Times = 99 });
        using CancellationTokenSource cancel = new(200);
        await Assert.CatchAsync<OperationCanceledException>(() => ContentCopy.CopyAsync(image.Store, Repository(client), image.Root, cancel: cancel.Token));
        Assert.That(registry.OpenUploads("a/b"), Is.Zero);
    }

    [Test]
    public async Task A_deleted_manifest_is_gone()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 5000);
        await PushAsync(client, image);
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await Repository(client).DeleteManifestAsync(image.Root.Digest), Is.True);
            Assert.That(await Repository(client).DeleteManifestAsync(image.Root.Digest), Is.False);
            Assert.That(await Repository(client).ResolveAsync("v1"), Is.Null);
        });
    }

    private static TestCaseData Row(string name, RegistryFault fault, string? code = null) =>
        (code is null ? new TestCaseData(fault) : new TestCaseData(fault, code)).SetName(name);

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));

    private static async Task PushAsync(RegistryClient client, SmallImage image)
    {
        RegistryRepository repository = Repository(client);
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync("v1", image.Root);
    }
}
