using System.Text;
using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>What other clients fell for, each by the name of the hole it was.</summary>
internal sealed class BadInputTests
{
    [TestCase("https://registry.test/", "https://registry.test/next", true, TestName = "To the same host")]
    [TestCase("https://registry.test/", "/next", true, TestName = "Relative")]
    [TestCase("https://registry.test/", "https://storage.test/x?sig=1", true, TestName = "To a public host")]
    [TestCase("https://registry.test/", "http://registry.test/next", true, TestName = "A registry behind a proxy that ends TLS keeps TLS")]
    [TestCase("https://registry.test/", "http://storage.test/x", false, TestName = "From TLS to plain HTTP (CVE-2019-10214)")]
    [TestCase("https://registry.test/", "https://169.254.169.254/latest", false, TestName = "To the metadata of a cloud (GHSA-xf85-363p-868w)")]
    [TestCase("https://registry.test/", "https://[::ffff:169.254.169.254]/", false, TestName = "To the same in IPv6's clothes")]
    [TestCase("https://registry.test/", "https://[fe80::1]/", false, TestName = "To a link-local IPv6 address")]
    [TestCase("https://registry.test/", "https://[fd00::1]/", false, TestName = "To a unique local IPv6 address")]
    [TestCase("https://registry.test/", "https://[::]/", false, TestName = "To no IPv6 address")]
    [TestCase("https://registry.test/", "https://0.0.0.0/", false, TestName = "To no address")]
    [TestCase("https://registry.test/", "https://127.0.0.1/", false, TestName = "To this machine")]
    [TestCase("https://registry.test/", "https://127.1/", false, TestName = "To this machine in short")]
    [TestCase("https://registry.test/", "https://2130706433/", false, TestName = "To this machine as a number")]
    [TestCase("https://registry.test/", "https://localhost/", false, TestName = "To this machine by name")]
    [TestCase("https://registry.test/", "https://x.localhost/", false, TestName = "To a name below this machine's")]
    [TestCase("https://registry.test/", "https://localhost./", false, TestName = "To this machine's name with a dot")]
    [TestCase("https://registry.test/", "https://10.1.2.3/", false, TestName = "Into a private network")]
    [TestCase("https://registry.test/", "https://172.31.0.1/", false, TestName = "Into another private network")]
    [TestCase("https://registry.test/", "https://192.168.0.1/", false, TestName = "Into a home")]
    [TestCase("https://registry.test/", "https://100.64.0.1/", false, TestName = "Into a provider's network")]
    [TestCase("https://registry.test/", "https://user:secret@storage.test/", false, TestName = "With a user name")]
    [TestCase("https://registry.test/", "ftp://storage.test/", false, TestName = "By another protocol")]
    [TestCase("https://registry.test/", "file:///etc/passwd", false, TestName = "To a file")]
    [TestCase("https://10.0.0.5/", "https://10.0.0.5/next", true, TestName = "A registry inside may lead to itself")]
    [TestCase("https://10.0.0.5/", "https://10.0.0.6/next", false, TestName = "And to no other host inside")]
    public void Urls_that_a_server_names(string from, string target, bool good)
    {
        RegistryEndpoint endpoint = new(new EndpointKey(RegistryHost.Parse(new Uri(from).Authority)), new());
        if (good) Assert.That(UrlPolicy.Resolve(new Uri(from), target, endpoint).Scheme, Is.EqualTo("https"));
        else Assert.That(() => UrlPolicy.Resolve(new Uri(from), target, endpoint), Throws.TypeOf<RegistryException>().With.Property("Code").EqualTo("IK2012"));
    }

    [TestCase("https://registry.test/a", "https://registry.test:443/b", true)]
    [TestCase("https://registry.test/a", "https://REGISTRY.test./b", true)]
    [TestCase("https://registry.test/a", "https://registry.test:8443/b", false)]
    [TestCase("https://registry.test/a", "http://registry.test/b", false)]
    [TestCase("https://registry.test/a", "https://x.registry.test/b", false)]
    [TestCase("https://registry.test/a", "https://registry.test.evil.test/b", false)]
    public void A_login_is_of_one_scheme_host_and_port(string one, string other, bool same) =>
        Assert.That(Origin.Of(new Uri(one)) == Origin.Of(new Uri(other)), Is.EqualTo(same), "GHSA-vh4v-2xq2-g5cg");

    [TestCase("registry.example.com", "https://auth.example.com/t", true)]
    [TestCase("docker.io", "https://auth.docker.io/token", true)]
    [TestCase("registry.gitlab.com", "https://gitlab.com/jwt/auth", true)]
    [TestCase("nvcr.io", "https://authn.nvidia.com/token", true)]
    [TestCase("a.azurecr.io", "https://b.azurecr.io/oauth2/token", false)]
    [TestCase("a.azurecr.io", "https://evil-azurecr.io.attacker.test/t", false)]
    [TestCase("registry.example.co.uk", "https://evil.co.uk/t", false)]
    [TestCase("registry.example.com", "https://example.com.evil.test/t", false)]
    [TestCase("registry.example.com", "https://auth。example.com/t", true, TestName = "A dot of another script is a dot")]
    public void A_login_is_shown_to_the_token_servers_of_its_own_domain(string registry, string realm, bool good)
    {
        RegistryEndpoint endpoint = new(new EndpointKey(RegistryHost.Parse(registry)), new());
        Assert.That(RealmPolicy.MaySeeLogin(endpoint, new Uri(realm), []), Is.EqualTo(good), "CVE-2026-48978, GO-2026-6225");
    }

    [Test]
    public async Task A_storage_host_that_asks_for_a_login_gets_none()
    {
        using InMemoryRegistry registry = new("registry.test", new("user", "secret"));
        using RegistryClient client = new(registry.CreateOptions() with { Credentials = CredentialSources.Fixed("registry.test", "user", "secret") });
        Descriptor blob = await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(1, 100));
        registry.Inject(new() { Host = "storage.test", Status = 401, Headers = new RegistryFault().Headers.Add("WWW-Authenticate", "Basic realm=\"give\""), Times = 99 });
        registry.Inject(new() { Host = "registry.test", Method = "GET", Path = "/blobs/", RedirectTo = "https://storage.test{path}", Times = 99 });
        await Assert.CatchAsync<RegistryException>(() => Repository(client).OpenAsync(blob));
        Assert.That(registry.Requests.Where(request => request.Url.Host == "storage.test").Select(request => request.Header("Authorization")), Is.Not.Empty.And.All.Null, "CVE-2020-15157, CVE-2026-49349");
    }

    [TestCase(long.MaxValue)]
    [TestCase(4L * 1024 * 1024 + 1)]
    [TestCase(-1)]
    public void A_declared_size_allocates_nothing(long size)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor manifest = new() { MediaType = MediaTypes.Manifest, Digest = Digest.Of("x"u8), Size = size };
        Assert.That(() => ContentCopy.CopyAsync(Repository(client), new MemoryStore(), manifest), Throws.InstanceOf<ImageKitException>(), "GHSA-f36w-mj3v-6jqv");
    }

    [Test]
    public async Task A_manifest_without_end_is_read_to_the_limit_alone()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions() with { MaxManifestBytes = 1000 });
        registry.Inject(new() { Path = "/manifests/", Status = 200, Body = new string(' ', 100_000), Headers = new RegistryFault().Headers.Add("Content-Type", MediaTypes.Manifest), Times = 99, Without = ["Content-Length"] });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client).ResolveAsync("v1")))!;
        Assert.That(error.Code, Is.EqualTo("IK2011"), "CVE-2020-1702");
    }

    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"a/b","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[],"manifests":[]}""", "IK1105", TestName = "Manifest and index at once (CVE-2021-41190)")]
    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","config":{"mediaType":"a/b","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}""", "IK1105", TestName = "Another type than it says")]
    [TestCase("""{"schemaVersion":2,"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}""", "IK1005", TestName = "A key twice")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"../../etc/passwd","size":2},"layers":[]}""", "IK1005", TestName = "A digest that is a path (CVE-2024-3727)")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":-2},"layers":[]}""", "IK1102", TestName = "A size below nothing")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"md5:d41d8cd98f00b204e9800998ecf8427e","size":2},"layers":[]}""", "IK1104", TestName = "A digest that cannot be verified")]
    [TestCase("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":null}""", "IK1005", TestName = "Layers that are null")]
    [TestCase("[]", "IK1005", TestName = "A list")]
    public async Task Manifests(string json, string code)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        Descriptor manifest = new() { MediaType = MediaTypes.Manifest, Digest = Digest.Of(bytes), Size = bytes.Length };
        registry.Inject(new() { Path = "/manifests/", Status = 200, Body = json, Headers = new RegistryFault().Headers.Add("Content-Type", MediaTypes.Manifest), Times = 99 });
        registry.Inject(new() { Path = "/blobs/", Status = 200, Body = "{}", Times = 99 });
        MemoryStore pulled = new();
        ImageKitException error = (await Assert.CatchAsync<ImageKitException>(() => ContentCopy.CopyAsync(Repository(client), pulled, manifest)))!;
        Assert.That((error.Code, await pulled.ContainsAsync(manifest)), Is.EqualTo((code, false)), error.Message);
    }

    [Test]
    public async Task Secrets_of_urls_stay_out_of_errors()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions() with { Retries = new() { Attempts = 1 } });
        Descriptor blob = await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(1, 100));
        registry.Inject(new() { Host = "storage.test", Status = 403, Body = "denied", Times = 99 });
        registry.Inject(new() { Host = "registry.test", Method = "GET", Path = "/blobs/", RedirectTo = "https://storage.test{path}?X-Amz-Signature=hunter2&sig=hunter2", Times = 99 });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client).OpenAsync(blob)))!;
        Assert.That(error.ToString() + string.Concat(error.Attempts), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Text_of_a_registry_cannot_write_on_the_terminal()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Status = 403, Body = "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"\\u001b[2Jgone\\r\\nagain\"}]}", Times = 99 });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client).ResolveAsync("v1")))!;
        Assert.That(error.Message.Any(char.IsControl), Is.False);
    }

    [TestCase("application/vnd.docker.distribution.manifest.v1+prettyjws", "schema 1")]
    [TestCase("application/vnd.example.thing.v1+json", "neither an image manifest nor an index")]
    public async Task Manifests_of_other_kinds_are_refused_by_name(string type, string expected)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        registry.Inject(new() { Path = "/manifests/", Status = 200, Body = "{\"schemaVersion\":1}", Headers = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("Content-Type", type), Times = 99 });
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client).ResolveAsync("v1")))!;
        Assert.That(error.Code, Is.EqualTo("IK2018"));
        Assert.That(error.Message, Does.Contain(expected));
    }

    [Test]
    public async Task Two_files_of_one_name_and_types_that_are_none_make_no_artifact()
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        ArtifactContent content = new() { ArtifactType = "a/b", Files = [new("/x/file"), new("/y/file")] };
        foreach (ArtifactContent bad in new[] { content, content with { Files = [new("file", "no type")] }, content with { ArtifactType = "bad", Files = [] } })
            Assert.That((await Assert.ThrowsAsync<ContentException>(() => Artifact.PutAsync(Repository(client), bad)))!.Code, Is.EqualTo("IK1020"));
        Assert.That(registry.Repositories, Is.Empty);
    }

    [TestCase("./sub/a.txt", "sub/a.txt")]
    [TestCase("a.txt", "a.txt")]
    [TestCase("/etc/a.txt", "a.txt")]
    [TestCase("../up/a.txt", "a.txt")]
    public void Files_keep_their_relative_path_as_title(string path, string title) => Assert.That(new ArtifactFile(path).Title, Is.EqualTo(title));

    [TestCase("../outside", TestName = "A title that climbs (CVE-2021-21272)")]
    [TestCase("/etc/passwd", TestName = "A title from the root")]
    [TestCase("a/../../b", TestName = "A title that climbs in the middle")]
    [TestCase("C:\\x", TestName = "A title of another system")]
    [TestCase("a//b", TestName = "A title with an empty part")]
    public async Task Titles(string title)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(file, "x");
        Document<ImageManifest> made = await Artifact.PutAsync(Repository(client), new() { ArtifactType = "a/b", Files = [new ArtifactFile(file) { Title = title }] });
        string target = Path.Combine(folder.Path, "inner", "target");
        ContentException error = (await Assert.ThrowsAsync<ContentException>(() => Artifact.WriteFilesAsync(Repository(client), made.Descriptor, target)))!;
        Assert.That((error.Code, Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Length), Is.EqualTo(("IK1204", 3)));
    }

    [TestCase("192.0.2.1", false, TestName = "A public registry's storage whose name leads to this machine")]
    [TestCase("127.0.0.1", true, TestName = "A registry on this machine may lead to this machine")]
    public async Task Names_are_looked_up_before_they_are_connected_to(string registryHost, bool good)
    {
        using InMemoryRegistry registry = new();
        string port = registry.Listen().Split(':')[1];
        using HttpMessageInvoker http = new(new SocketsHttpHandler { ConnectCallback = new OutsideConnection(registryHost).ConnectAsync });
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://localhost:{port}/v2/");
        if (good) Assert.That((await http.SendAsync(request, default)).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.OK));
        else Assert.That(async () => await http.SendAsync(request, default), Throws.TypeOf<HttpRequestException>().With.InnerException.TypeOf<RegistryException>().And.InnerException.Property("Code").EqualTo("IK2012"));
    }

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));
}
