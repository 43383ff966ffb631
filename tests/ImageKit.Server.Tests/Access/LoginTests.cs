using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Server.Tests.Conformance;

namespace ImageKit.Server.Tests.Access;

/// <summary>Passwords and tokens, with our client and by bare HTTP.</summary>
internal sealed class LoginTests
{
    // bcrypt of "secret" and "reading", as htpasswd -B writes them
    private static readonly string Users = $"alice:{BCrypt.Net.BCrypt.HashPassword("secret", 5)}\n# a comment\nreader:{BCrypt.Net.BCrypt.HashPassword("reading", 5)}\n";

    [TestCase(false, TestName = "A password lets our client push, pull and delete")]
    [TestCase(true, TestName = "Tokens let our client push, pull, mount and delete")]
    public async Task Client(bool tokens)
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, options => options with { UsesTokens = tokens });
        using RegistryClient client = Client(registry.Host, "alice", "secret"), wrong = Client(registry.Host, "alice", "wrong"), nobody = new(new() { Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.None });
        Assert.That(async () => await SmallImage.PushAsync(wrong, $"{registry.Host}/a/b", "v1"), Throws.InstanceOf<RegistryException>().With.Property("Code").EqualTo("IK2004"));
        Assert.That(async () => await SmallImage.PushAsync(nobody, $"{registry.Host}/a/b", "v1"), Throws.InstanceOf<RegistryException>().With.Property("Code").EqualTo("IK2004"));
        SmallImage image = await SmallImage.PushAsync(client, $"{registry.Host}/a/b", "v1");
        RegistryRepository first = client.Repository(ImageReference.Parse($"{registry.Host}/a/b")), second = client.Repository(ImageReference.Parse($"{registry.Host}/c/d"));
        CopyResult mounted = await ContentCopy.CopyAsync(first, second, image.Root);
        Assert.That(mounted.BlobsWritten, Is.EqualTo(1), "the manifest; all else is mounted");
        Assert.That(await first.DeleteManifestAsync(image.Root.Digest), Is.True);
        Assert.That(await second.ResolveAsync(image.Root.Digest.ToString()), Is.Not.Null);
    }

    [TestCase(false, TestName = "Everybody may pull, with passwords for the rest")]
    [TestCase(true, TestName = "Everybody may pull, with tokens for the rest")]
    public async Task AnonymousPull(bool tokens)
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, options => options with { UsesTokens = tokens, AllowsAnonymousPull = true });
        using RegistryClient client = Client(registry.Host, "alice", "secret"), nobody = new(new() { Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.None });
        SmallImage image = await SmallImage.PushAsync(client, $"{registry.Host}/a/b", "v1");
        Assert.That((await nobody.Repository(ImageReference.Parse($"{registry.Host}/a/b")).ResolveAsync("v1"))?.Digest, Is.EqualTo(image.Root.Digest));
        Assert.That(async () => await SmallImage.PushAsync(nobody, $"{registry.Host}/a/b", "v2", seed: 2), Throws.InstanceOf<RegistryException>().With.Property("Kind").EqualTo(RegistryErrorKind.Denied));
    }

    [TestCase(false, TestName = "A reader may not push, with passwords")]
    [TestCase(true, TestName = "A reader may not push, with tokens")]
    public async Task Readers(bool tokens)
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, options => options with { UsesTokens = tokens, Readers = ["reader"] });
        using RegistryClient alice = Client(registry.Host, "alice", "secret"), reader = Client(registry.Host, "reader", "reading");
        SmallImage image = await SmallImage.PushAsync(alice, $"{registry.Host}/a/b", "v1");
        Assert.That((await reader.Repository(ImageReference.Parse($"{registry.Host}/a/b")).ResolveAsync("v1"))?.Digest, Is.EqualTo(image.Root.Digest));
        Assert.That(async () => await SmallImage.PushAsync(reader, $"{registry.Host}/a/b", "v2", seed: 2), Throws.InstanceOf<RegistryException>().With.Property("Kind").EqualTo(RegistryErrorKind.Denied));
    }

    [Test]
    public async Task A_token_is_for_the_repository_and_actions_that_it_names_and_for_its_time()
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, options => options with { UsesTokens = true, TokenLifetime = TimeSpan.FromSeconds(1) });
        HttpResponseMessage challenge = await registry.Http.GetAsync("/v2/a/b/tags/list");
        Assert.That((int)challenge.StatusCode, Is.EqualTo(401));
        Assert.That(challenge.Headers.WwwAuthenticate.ToString(), Does.Contain($"realm=\"http://{registry.Host}/token\"").And.Contain("scope=\"repository:a/b:pull\""));
        string token = await TokenAsync(registry, "repository:a/b:pull");
        Assert.That(await StatusAsync(registry, HttpMethod.Get, "/v2/a/b/manifests/x", token), Is.EqualTo(404), "it may look");
        Assert.That(await StatusAsync(registry, HttpMethod.Get, "/v2/c/d/manifests/x", token), Is.EqualTo(401), "another repository");
        Assert.That(await StatusAsync(registry, HttpMethod.Post, "/v2/a/b/blobs/uploads/", token), Is.EqualTo(401), "another action");
        Assert.That(await StatusAsync(registry, HttpMethod.Get, "/v2/a/b/manifests/x", token[..^4] + "AAAA"), Is.EqualTo(401), "a forged signature");
        string forged = Convert.ToBase64String("{\"alg\":\"none\",\"typ\":\"JWT\"}"u8).TrimEnd('=') + token[token.IndexOf('.', StringComparison.Ordinal)..(token.LastIndexOf('.') + 1)];
        Assert.That(await StatusAsync(registry, HttpMethod.Get, "/v2/a/b/manifests/x", forged), Is.EqualTo(401), "no signature");
        for (int tries = 0; tries < 100 && await StatusAsync(registry, HttpMethod.Get, "/v2/a/b/manifests/x", token) != 401; tries++) await Task.Delay(100);
        Assert.That(await StatusAsync(registry, HttpMethod.Get, "/v2/a/b/manifests/x", token), Is.EqualTo(401), "too old");
    }

    [Test]
    public async Task Tokens_are_handed_out_by_the_form_of_OAuth2_too()
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, options => options with { UsesTokens = true });
        HttpResponseMessage good = await PostAsync("password", "secret"), wrong = await PostAsync("password", "wrong"), other = await PostAsync("client_credentials", "x");
        Assert.That(((int)good.StatusCode, (int)wrong.StatusCode, (int)other.StatusCode), Is.EqualTo((200, 401, 400)));
        Assert.That(await good.Content.ReadAsStringAsync(), Does.Contain("access_token"));

        Task<HttpResponseMessage> PostAsync(string grant, string password) => registry.Http.PostAsync("/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = grant,
            ["username"] = "alice",
            ["password"] = password,
            ["service"] = "imagekit-registry",
            ["scope"] = "repository:a/b:pull,push",
        }));
    }

    [Test]
    public async Task A_refresh_token_stands_for_the_password_until_that_changes()
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, options => options with { UsesTokens = true, Readers = ["reader"] });
        string none = await GetAsync("alice", "secret", ""), byGet = await GetAsync("alice", "secret", "&offline_token=true&client_id=docker");
        Assert.That(none, Does.Not.Contain("refresh_token"));
        string refresh = Field(byGet, "refresh_token");
        Assert.That(Field(await (await FormAsync(("grant_type", "password"), ("username", "alice"), ("password", "secret"), ("access_type", "offline"))).Content.ReadAsStringAsync(), "refresh_token"), Is.EqualTo(refresh));
        HttpResponseMessage traded = await FormAsync(("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", "repository:a/b:pull,push"));
        string token = Field(await traded.Content.ReadAsStringAsync(), "access_token");
        Assert.That(await StatusAsync(registry, HttpMethod.Post, "/v2/a/b/blobs/uploads/", token), Is.EqualTo(202));
        Assert.That(await StatusAsync(registry, HttpMethod.Post, "/v2/a/b/blobs/uploads/", refresh), Is.EqualTo(401), "it is no access token");
        Assert.That((int)(await FormAsync(("grant_type", "refresh_token"), ("refresh_token", token))).StatusCode, Is.EqualTo(401), "nor is an access token one");
        Assert.That((int)(await FormAsync(("grant_type", "refresh_token"), ("refresh_token", refresh[..^4] + "AAAA"))).StatusCode, Is.EqualTo(401), "forged");
        string reader = Field(await GetAsync("reader", "reading", "&offline_token=true"), "refresh_token");
        string reading = Field(await (await FormAsync(("grant_type", "refresh_token"), ("refresh_token", reader), ("scope", "repository:a/b:pull,push"))).Content.ReadAsStringAsync(), "access_token");
        Assert.That(await StatusAsync(registry, HttpMethod.Post, "/v2/a/b/blobs/uploads/", reading), Is.EqualTo(401), "a reader stays one");

        await File.WriteAllTextAsync(folder["users"], $"alice:{BCrypt.Net.BCrypt.HashPassword("another", 5)}\n");
        int status = 200;
        for (int tries = 0; tries < 100 && status == 200; tries++)
        {
            await Task.Delay(100);
            status = (int)(await FormAsync(("grant_type", "refresh_token"), ("refresh_token", refresh))).StatusCode;
        }
        Assert.That(status, Is.EqualTo(401), "the password was changed");

        async Task<string> GetAsync(string user, string password, string more)
        {
            HttpRequestMessage request = new(HttpMethod.Get, "/token?service=imagekit-registry" + more);
            request.Headers.Authorization = Basic(user, password);
            return await (await registry.Http.SendAsync(request)).Content.ReadAsStringAsync();
        }

        Task<HttpResponseMessage> FormAsync(params (string Name, string Value)[] fields) =>
            registry.Http.PostAsync("/token", new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
    }

    [Test]
    public async Task A_user_who_is_added_may_come_in_and_one_who_is_removed_may_not()
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, options => options);
        Assert.That(await StatusAsync(registry, "alice", "secret"), Is.EqualTo(200));
        await File.WriteAllTextAsync(folder["users"], $"bob:{BCrypt.Net.BCrypt.HashPassword("new", 5)}\n");
        for (int tries = 0; tries < 100 && await StatusAsync(registry, "bob", "new") != 200; tries++) await Task.Delay(100);
        Assert.That((await StatusAsync(registry, "bob", "new"), await StatusAsync(registry, "alice", "secret")), Is.EqualTo((200, 401)));
    }

    [TestCase("alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", TestName = "A SHA-1 hash")]
    [TestCase("alice:$apr1$x$abcdefghijklmnopqrstuv", TestName = "An MD5 hash")]
    [TestCase("alice", TestName = "A user without a hash")]
    [TestCase("", TestName = "No user at all")]
    public void Refused(string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["users"], text);
        Assert.That(async () => await RegistryServer.StartAsync(new() { Listen = "127.0.0.1:0", Htpasswd = folder["users"] }), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2072"));
    }

    [Test]
    public void A_reader_who_is_no_user_and_logins_that_are_not_there_are_errors_of_the_start()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["users"], $"alice:{BCrypt.Net.BCrypt.HashPassword("secret", 5)}\n");
        RegistryServerOptions options = new() { Listen = "127.0.0.1:0", Root = folder["root"] };
        Assert.That(async () => await RegistryServer.StartAsync(options with { Htpasswd = folder["users"], Readers = ["alice", "zz"] }), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2072").And.Message.Contains("'zz'"));
        Assert.That(async () => await RegistryServer.StartAsync(options with { MirrorOf = ["hub.test"], MirrorLogins = folder["none"] }), Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2020"));
        Assert.That(async () => await RegistryServer.StartAsync(options with { MirrorLogins = folder["users"] }), Throws.ArgumentException);
    }

    [Test]
    public async Task The_key_of_tokens_is_for_its_owners_eyes_and_outlives_the_server()
    {
        using TemporaryFolder folder = new();
        string token;
        await File.WriteAllTextAsync(folder["users"], Users);
        RegistryServerOptions options = new() { Listen = "127.0.0.1:0", Root = folder["root"], Htpasswd = folder["users"], UsesTokens = true };
        await using (RegistryServer first = await RegistryServer.StartAsync(options)) token = await TokenAsync(first.Address);
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(Path.Combine(folder["root"], "token.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await using RegistryServer second = await RegistryServer.StartAsync(options);
        using HttpClient http = new() { BaseAddress = new(second.Address) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.That((int)(await http.GetAsync("/v2/")).StatusCode, Is.EqualTo(200));
    }

    private static Task<ServedRegistry> StartAsync(TemporaryFolder folder, Func<RegistryServerOptions, RegistryServerOptions> change)
    {
        File.WriteAllText(folder["users"], Users);
        return ServedRegistry.StartAsync("folder", options => change(options with { Htpasswd = folder["users"] }));
    }

    private static RegistryClient Client(string host, string user, string password) => new(new RegistryOptions { Credentials = CredentialSources.Fixed(host, user, password), Mirrors = MirrorConfiguration.None });

    private static async Task<string> TokenAsync(ServedRegistry registry, string scope) => await TokenAsync($"http://{registry.Host}", scope);

    private static async Task<string> TokenAsync(string address, string scope = "")
    {
        using HttpClient http = new() { BaseAddress = new(address) };
        http.DefaultRequestHeaders.Authorization = Basic("alice", "secret");
        using JsonDocument answer = JsonDocument.Parse(await http.GetStringAsync($"/token?service=imagekit-registry&scope={Uri.EscapeDataString(scope)}"));
        return answer.RootElement.GetProperty("token").GetString()!;
    }

    private static string Field(string json, string name)
    {
        using JsonDocument answer = JsonDocument.Parse(json);
        return answer.RootElement.GetProperty(name).GetString()!;
    }

    private static async Task<int> StatusAsync(ServedRegistry registry, HttpMethod method, string path, string token)
    {
        HttpRequestMessage request = new(method, path);
        request.Headers.Authorization = new("Bearer", token);
        return (int)(await registry.Http.SendAsync(request)).StatusCode;
    }

    private static async Task<int> StatusAsync(ServedRegistry registry, string user, string password)
    {
        HttpRequestMessage request = new(HttpMethod.Get, "/v2/");
        request.Headers.Authorization = Basic(user, password);
        return (int)(await registry.Http.SendAsync(request)).StatusCode;
    }

    private static AuthenticationHeaderValue Basic(string user, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
