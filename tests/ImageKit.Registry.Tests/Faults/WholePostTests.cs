using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>Small blobs, sent with the request that opens their upload where the registry takes that; and what is asked for blobs of other hashes.</summary>
internal sealed class WholePostTests
{
    [Test]
    public async Task A_small_blob_costs_two_requests()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = await PutAsync(client, 4096);
        Assert.That(Asked(registry), Is.EqualTo(new[] { "HEAD", "POST" }));
        Assert.That(registry.Contains("a/b", blob.Digest), Is.True);
        registry.ForgetRequests();
        await PutAsync(client, 4097);
        Assert.That(Asked(registry), Is.EqualTo(new[] { "HEAD", "POST", "PUT" }), "a larger one waits for the word of the registry");
    }

    [TestCase(202, TestName = "A registry that opens a session instead is sent the blob there")]
    [TestCase(400, TestName = "A registry that takes it for a bad request is sent the blob otherwise")]
    [TestCase(405, TestName = "A registry that does not know it is sent the blob otherwise")]
    public async Task It_is_tried_once(int status)
    {
        using InMemoryRegistry registry = new();
        ForgetfulHandler handler = new(registry.CreateHandler());
        using RegistryClient client = new(registry.CreateOptions() with { HandlerFactory = _ => status == 202 ? handler : registry.CreateHandler() });
        if (status != 202) registry.Inject(new() { Method = "POST", Status = status });
        Descriptor one = await PutAsync(client, 1000), two = await PutAsync(client, 1001);
        Assert.That(registry.Contains("a/b", one.Digest) && registry.Contains("a/b", two.Digest), Is.True);
        int tried = status == 202 ? handler.Forgotten : registry.Requests.Count(request => request.Method == "POST" && request.Url.Query.StartsWith("?digest=", StringComparison.Ordinal));
        Assert.That(tried, Is.EqualTo(1), "what was learnt of the host stays");
        Assert.That(registry.OpenUploads("a/b"), Is.Zero);
    }

    [Test]
    public async Task A_login_that_may_not_push_is_told_at_once()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Method = "POST", Status = 403, Times = 99 });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => PutAsync(client, 100)))!;
        Assert.That((error.Code, registry.Requests.Count(request => request.Method == "POST")), Is.EqualTo(("IK2005", 1)));
    }

    [Test]
    public async Task Wrong_bytes_are_not_sent()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = new() { MediaType = "a/b", Digest = Digest.Of("right"u8), Size = 5 };
        Assert.That(async () => await Repository(client).PutAsync(blob, new MemoryStream("wrong"u8.ToArray())), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
        Assert.That(Asked(registry), Is.EqualTo(new[] { "HEAD" }));
    }

    [Test]
    public async Task An_upload_of_another_hash_says_which()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        byte[] bytes = SmallImage.RandomBytes(1, 10_000);
        Descriptor blob = new() { MediaType = "a/b", Digest = Digest.OfSha512(System.Security.Cryptography.SHA512.HashData(bytes)), Size = bytes.Length };
        await Repository(client).PutAsync(blob, new MemoryStream(bytes));
        Assert.That(registry.Requests.Single(request => request.Method == "POST").Url.Query, Does.Contain("digest-algorithm=sha512"));
        await using Stream read = await Repository(client).OpenAsync(blob);
        await read.CopyToAsync(Stream.Null);
    }

    [Test]
    public void A_digest_that_cannot_be_verified_parses_and_is_refused_to_be_stored_or_read()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = new() { MediaType = "a/b", Digest = Digest.Parse("blake3:" + new string('a', 64)), Size = 5 };
        Assert.That(async () => await Repository(client).PutAsync(blob, new MemoryStream(new byte[5])), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1104").And.Message.Contains("blake3"));
        Assert.That(async () => await Repository(client).OpenAsync(blob), Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1104"));
        Assert.That(registry.Requests, Is.Empty);
    }

    private static IEnumerable<string> Asked(InMemoryRegistry registry) => registry.Requests.Select(request => request.Method);

    private static Task<Descriptor> PutAsync(RegistryClient client, int bytes) => SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(bytes, bytes));

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));

    /// <summary>As docker-registry does it: a blob that comes with the request is not looked at, and a session is opened.</summary>
    private sealed class ForgetfulHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public int Forgotten { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Post || !request.RequestUri!.Query.StartsWith("?digest=", StringComparison.Ordinal)) return base.SendAsync(request, cancellationToken);
            Forgotten++;
            request.RequestUri = new Uri(request.RequestUri.GetLeftPart(UriPartial.Path));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
