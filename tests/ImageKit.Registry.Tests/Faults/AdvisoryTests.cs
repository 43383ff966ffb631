using System.Text;
using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>
/// Holes that other clients had, each under its advisory's id; `dotnet test --filter "FullyQualifiedName~CVE"` lists them. What is about a layer on a disk stands in
/// ImageKit.Oci.Tests/Unpack/AdvisoryTests, what is about a server in ImageKit.Server.Tests.
/// </summary>
internal sealed class AdvisoryTests
{
    private static readonly RegistryLogin Tokens = new("me", "hunter2") { UsesTokens = true };

    [Test]
    public async Task CVE_2020_15157_and_CVE_2026_49349_urls_of_a_foreign_layer_are_never_asked_and_see_no_login()
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = Client(registry);
        Descriptor config = await SmallImage.PutAsync(Repository(client), MediaTypes.Empty, "{}"u8.ToArray());
        string json = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{config.MediaType}}","digest":"{{config.Digest}}","size":2},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"sha256:{{new string('a', 64)}}","size":9,"urls":["https://evil.test/layer"]}]}""";
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        Descriptor manifest = new() { MediaType = MediaTypes.Manifest, Digest = Digest.Of(bytes), Size = bytes.Length };
        await Repository(client).PutAsync(manifest, new MemoryStream(bytes));
        await ContentCopy.CopyAsync(client.Repository(ImageReference.Parse("registry.test/a/b")), new MemoryStore(), manifest);
        Assert.That(registry.Requests.Select(request => request.Url.Host), Has.None.EqualTo("evil.test"));
    }

    [TestCase("http://registry.test/token", TestName = "GHSA_28r5_37g7_p6mp a realm of the same host without TLS is asked with it, or not at all")]
    [TestCase("http://auth.registry.test/token", TestName = "CVE_2026_48978 a realm without TLS")]
    [TestCase("https://169.254.169.254/token", TestName = "GHSA_xf85_363p_868w a realm at a cloud's metadata")]
    [TestCase("https://elsewhere.test/token", TestName = "CVE_2026_33540 (GHSA_3p65_76g6_3w7r) a realm of another domain")]
    public async Task Realms(string realm)
    {
        using InMemoryRegistry registry = new(login: Tokens with { Realm = realm });
        using RegistryClient client = Client(registry);
        try
        {
            await Repository(client).ResolveAsync("v1");
        }
        catch (RegistryException error)
        {
            Assert.That(error.Code, Is.AnyOf("IK2012", "IK2014", "IK2004", "IK2011", "IK2007"));
        }
        Assert.That(registry.Requests.Where(request => request.Header("Authorization") is not null).Select(request => (request.Url.Scheme, request.Url.Host)), Is.All.EqualTo(("https", "registry.test")));
    }

    [TestCase("https://storage.test{path}", TestName = "ggcr_2337 a redirect to another host carries neither login nor token")]
    [TestCase("https://registry.test:8443{path}", TestName = "GHSA_vh4v_2xq2_g5cg a redirect to another port of the host carries neither")]
    [TestCase("http://registry.test{path}", TestName = "CVE_2019_10214 a redirect out of TLS carries neither")]
    public async Task Redirects(string target)
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = Client(registry);
        Descriptor blob = await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(1, 10_000));
        registry.ForgetRequests();
        registry.Inject(new() { Host = "registry.test", Method = "GET", Path = "/blobs/", RedirectTo = target });
        try
        {
            await using Stream content = await Repository(client).OpenAsync(blob);
            await content.CopyToAsync(Stream.Null);
        }
        catch (RegistryException)
        {
            // Another port of the registry wants a login of its own, and gets none.
        }
        Assert.That(registry.Requests.Where(request => request.Header("Authorization") is not null && request.Url.Host != registry.TokenHost).Select(request => (request.Url.Scheme, request.Url.Authority)), Is.All.EqualTo(("https", "registry.test")));
    }

    [Test]
    public async Task GHSA_jxpm_75mh_9fp7_an_upload_that_goes_on_at_another_host_carries_no_login()
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = Client(registry);
        registry.Inject(new() { Method = "POST", Headers = Header("Location", "https://storage.test/v2/a/b/blobs/uploads/1?sig=secret"), Times = 99 });
        byte[] bytes = SmallImage.RandomBytes(1, 10_000);
        await Assert.CatchAsync<RegistryException>(() => Repository(client).PutAsync(new Descriptor { MediaType = "a/b", Digest = Digest.Of(bytes), Size = bytes.Length }, new MemoryStream(bytes)));
        Assert.That(registry.Requests.Where(request => request.Url.Host == "storage.test").Select(request => request.Header("Authorization")), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task Moby_42022_no_login_of_the_registry_reaches_a_mirror_whatever_it_asks_for()
    {
        using InMemoryRegistry registry = new(login: Tokens);
        SmallImage image = await SmallImage.MakeAsync(1, 10_000);
        using (RegistryClient seed = Client(registry)) await ContentCopy.CopyAsync(image.Store, Repository(seed), image.Root);
        registry.ForgetRequests();
        registry.Inject(new() { Host = "mirror.test", Status = 401, Headers = Header("WWW-Authenticate", "Basic realm=\"registry.test\""), Times = 99 });
        MirrorConfiguration mirrors = MirrorConfiguration.Of(MirrorList.Of("registry.test", "mirror.test")) with { Logins = LoginPolicy.UseMirrors };
        using RegistryClient client = new(registry.CreateOptions() with { Credentials = CredentialSources.Fixed("registry.test", "me", "hunter2"), Mirrors = mirrors });
        await ContentCopy.CopyAsync(Repository(client), new MemoryStore(), image.Root);
        Assert.That(registry.Requests.Where(request => request.Url.Host == "mirror.test").Select(request => request.Header("Authorization")), Is.Not.Empty.And.All.Null);
    }

    [Test]
    public async Task CVE_2026_24845_a_login_for_one_registry_is_shown_to_no_other_that_asks()
    {
        using InMemoryRegistry registry = new("evil.test", Tokens with { UsesTokens = false });
        using RegistryClient client = Client(registry);
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => client.Repository(ImageReference.Parse("evil.test/a/b")).ResolveAsync("v1")))!;
        Assert.That((error.Code, error.CredentialOrigin), Is.EqualTo(("IK2004", "anonymous")));
        Assert.That(registry.Requests.Select(request => request.Header("Authorization")), Is.All.Null);
    }

    [Test]
    public async Task A_sha512_digest_is_not_satisfied_by_what_a_registry_says_of_sha256()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        SmallImage image = await SmallImage.MakeAsync(1, 100);
        await ContentCopy.CopyAsync(image.Store, Repository(client), image.Root);
        string asked = "sha512:" + new string('a', 128);
        registry.Inject(new() { Path = "/manifests/sha512", Instead = $"/v2/a/b/manifests/{image.Root.Digest}", Times = 99 });
        Assert.That(async () => await Repository(client).OpenAsync(image.Root with { Digest = Digest.Parse(asked) }) is { } stream ? await stream.ReadAtLeastAsync(new byte[image.Root.Size], (int)image.Root.Size) : 0,
            Throws.InstanceOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
    }

    [TestCase("sha256:44136fa355b3678a", TestName = "A short digest is none")]
    [TestCase("sha256:44136FA355B3678A1146AD16F7E8649E94FB4FC21FE77E8310C060F61CAAFF8A", TestName = "Nor is one in capitals")]
    [TestCase("blake3:44136fa355b3678a", TestName = "Nor a short one of blake3")]
    [TestCase("sha512:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", TestName = "Nor one of another hash's length")]
    public void Digests(string text) => Assert.That(Digest.TryParse(text, out _), Is.False);

    [TestCase(10, true)]
    [TestCase(11, false)]
    public async Task Ten_redirects_are_followed_and_no_more(int count, bool good)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(1, 10_000));
        registry.Inject(new() { Method = "GET", Path = "/blobs/", RedirectTo = "https://registry.test{path}", Times = count });
        async Task ReadAsync() => await (await Repository(client).OpenAsync(blob)).CopyToAsync(Stream.Null);
        if (good) await ReadAsync();
        else Assert.That((await Assert.CatchAsync<RegistryException>(ReadAsync))!.Code, Is.EqualTo("IK2011"));
    }

    [TestCase(1024 * 1024 - 100, true)]
    [TestCase(1024 * 1024 + 1, false)]
    public async Task A_token_server_may_say_a_mebibyte_and_no_more(int bytes, bool good)
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = Client(registry);
        registry.Inject(new() { Host = registry.TokenHost, Status = 200, Body = "{\"token\":\"x\"" + new string(' ', bytes) + "}", Times = 99, Without = ["Content-Length"] });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client).ResolveAsync("v1")))!;
        Assert.That(error.Code, Is.EqualTo(good ? "IK2004" : "IK2011"), "the token is none that the registry knows");
    }

    [Test]
    public async Task An_error_of_a_registry_is_read_to_64_kibibytes_and_no_more()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Status = 403, Body = $$"""{"errors":[{"code":"DENIED","message":"{{new string('x', 100_000)}}"}]}""", Times = 99 });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client).ResolveAsync("v1")))!;
        Assert.That((error.Code, error.Message.Length < 2000), Is.EqualTo(("IK2005", true)));
    }

    [Test]
    public async Task An_empty_blob_is_one()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = await SmallImage.PutAsync(Repository(client), "a/b", []);
        await using Stream content = await Repository(client).OpenAsync(blob);
        Assert.That(await content.ReadAsync(new byte[1]), Is.Zero);
    }

    private static RegistryClient Client(InMemoryRegistry registry) => new(registry.CreateOptions() with { Credentials = CredentialSources.Fixed("registry.test", "me", "hunter2") });

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));

    private static System.Collections.Immutable.ImmutableDictionary<string, string> Header(string name, string value) => new RegistryFault().Headers.Add(name, value);
}
