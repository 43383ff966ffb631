using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>Logins and tokens against the registry in memory.</summary>
internal sealed class LoginTests
{
    private static readonly RegistryLogin Tokens = new("me", "pässwörd:x") { UsesTokens = true };

    [TestCase(false, TestName = "A push and pull with a password")]
    [TestCase(true, TestName = "A push and pull with tokens")]
    public async Task Logged_in(bool tokens)
    {
        using InMemoryRegistry registry = new(login: Tokens with { UsesTokens = tokens });
        using RegistryClient client = Client(registry, "me", "pässwörd:x");
        await PushAsync(client, "a/b");
        Assert.That(registry.Tags("a/b"), Is.EqualTo(new[] { "v1" }));
    }

    [Test]
    public async Task A_token_is_fetched_once_for_a_whole_parallel_push()
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = Client(registry, "me", "pässwörd:x");
        await PushAsync(client, "a/b");
        Assert.That(registry.Requests.Count(request => request.Url.Host == registry.TokenHost), Is.LessThanOrEqualTo(2), "one for the first question, one for pushing");
    }

    [Test]
    public async Task The_login_reaches_the_token_server_and_the_token_the_registry_and_nothing_else()
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = Client(registry, "me", "pässwörd:x");
        SmallImage image = await PushAsync(client, "a/b");
        registry.ForgetRequests();
        registry.Inject(new RegistryFault { Method = "GET", Path = "/blobs/", RedirectTo = "https://storage.test{path}" });
        await using Stream blob = await Repository(client, "a/b").OpenAsync(image.Layers[0]);
        await blob.CopyToAsync(Stream.Null);
        RecordedRequest stored = registry.Requests.Single(request => request.Url.Host == "storage.test");
        Assert.Multiple(() =>
        {
            Assert.That(stored.Header("Authorization"), Is.Null);
            Assert.That(registry.Requests.First().Header("Authorization"), Does.StartWith("Bearer "));
        });
    }

    [Test]
    public async Task A_token_that_ran_out_is_renewed_in_mid_push()
    {
        using InMemoryRegistry registry = new(login: Tokens with { TokenLifetime = TimeSpan.FromSeconds(1) });
        using RegistryClient client = Client(registry, "me", "pässwörd:x");
        await PushAsync(client, "a/b");
        await Task.Delay(1100);
        await PushAsync(client, "a/b", seed: 2);
        Assert.That(registry.Tags("a/b"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_wrong_password_names_where_it_came_from()
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = Client(registry, "me", "wrong");
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => PushAsync(client, "a/b")))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo("IK2004"));
            Assert.That(error.Kind, Is.EqualTo(RegistryErrorKind.Denied));
            Assert.That(error.CredentialOrigin, Is.EqualTo("the test"));
            Assert.That(error.Message, Does.Contain("the test").And.Not.Contain("wrong"));
        });
    }

    [Test]
    public async Task No_login_says_so()
    {
        using InMemoryRegistry registry = new(login: Tokens with { UsesTokens = false });
        using RegistryClient client = new(registry.CreateOptions());
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client, "a/b").ResolveAsync("v1")))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.CredentialOrigin, Is.EqualTo("anonymous"));
            Assert.That(error.Mend, Does.Contain("imagekit login registry.test"));
        });
    }

    [Test]
    public async Task A_login_that_may_only_pull_is_asked_for_a_wider_token_once()
    {
        using InMemoryRegistry registry = new(login: Tokens with { MayPush = false });
        using RegistryClient client = Client(registry, "me", "pässwörd:x");
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => PushAsync(client, "a/b", width: 1)))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Kind, Is.EqualTo(RegistryErrorKind.Denied));
            Assert.That(registry.Requests.Count(request => request.Url.Host == registry.TokenHost && request.Url.Query.Contains("push", StringComparison.Ordinal)), Is.LessThanOrEqualTo(3));
        });
    }

    [Test]
    public async Task Pulling_anonymously_gets_an_anonymous_token()
    {
        using InMemoryRegistry registry = new(login: Tokens with { AllowsAnonymousPull = true });
        using (RegistryClient owner = Client(registry, "me", "pässwörd:x")) await PushAsync(owner, "a/b");
        using RegistryClient client = new(registry.CreateOptions());
        Assert.That(await Repository(client, "a/b").ResolveAsync("v1"), Is.Not.Null);
    }

    [Test]
    public async Task An_identity_token_is_exchanged_by_the_form()
    {
        using InMemoryRegistry registry = new(login: Tokens with { IdentityToken = "refresh-me" });
        using RegistryClient client = new(registry.CreateOptions() with { Credentials = new OneCredential(new() { IdentityToken = "refresh-me", Origin = "the test" }) });
        await PushAsync(client, "a/b");
        Assert.That(registry.Requests.Where(request => request.Url.Host == registry.TokenHost).Select(request => request.Method), Is.All.EqualTo("POST"));
    }

    [TestCase("https://elsewhere.example/token", "IK2014", TestName = "The login is not sent to a token server of another domain")]
    [TestCase("http://auth.registry.test/token", "IK2012", TestName = "A realm without TLS is refused")]
    [TestCase("https://169.254.169.254/token", "IK2012", TestName = "A realm at a link-local address is refused")]
    [TestCase("https://user@registry.test/token", "IK2012", TestName = "A realm with a user name is refused")]
    [TestCase("nonsense", "IK2012", TestName = "A realm that is no URL is refused")]
    public async Task Realm(string realm, string code)
    {
        using InMemoryRegistry registry = new(login: Tokens with { Realm = realm });
        using RegistryClient client = Client(registry, "me", "pässwörd:x");
        RegistryException error = (await Assert.ThrowsAsync<RegistryException>(() => Repository(client, "a/b").ResolveAsync("v1")))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Code, Is.EqualTo(code));
            Assert.That(registry.Requests.Select(request => request.Url.Host), Is.All.EqualTo("registry.test"));
        });
    }

    [Test]
    public async Task A_login_is_tried_before_it_is_kept()
    {
        using InMemoryRegistry registry = new(login: Tokens);
        using RegistryClient client = new(registry.CreateOptions());
        Credential credential = await client.LoginAsync(registry.Host, "me", "pässwörd:x");
        await Assert.MultipleAsync(async () =>
        {
            Assert.That(credential.Username, Is.EqualTo("me"));
            Assert.That((await Assert.ThrowsAsync<RegistryException>(() => client.LoginAsync(registry.Host, "me", "no")))!.Code, Is.EqualTo("IK2004"));
        });
    }

    [Test]
    public async Task A_token_server_that_gives_a_token_for_the_login_is_asked_for_it_at_a_login_alone()
    {
        using InMemoryRegistry registry = new(login: Tokens with { IdentityToken = "refresh-1" });
        using RegistryClient client = new(registry.CreateOptions() with { HandlerFactory = _ => new RefreshHandler(registry.CreateHandler(), registry.TokenHost, "refresh-1") });
        Credential credential = await client.LoginAsync(registry.Host, "me", "pässwörd:x");
        Assert.That((credential.IdentityToken, credential.Password, credential.Username), Is.EqualTo(("refresh-1", "", "me")), "the password need not be kept");
        Assert.That(registry.Requests.Single(request => request.Url.Host == registry.TokenHost).Url.Query, Does.Contain("offline_token=true").And.Contain("client_id=imagekit"));
        registry.ForgetRequests();
        using RegistryClient next = new(registry.CreateOptions() with { Credentials = new OneCredential(credential) });
        await PushAsync(next, "a/b");
        Assert.That(registry.Requests.Where(request => request.Url.Host == registry.TokenHost).Select(request => request.Method + request.Url.Query), Is.All.EqualTo("POST"));
    }

    [Test]
    public async Task An_identity_token_that_is_replaced_is_sent_no_more()
    {
        using InMemoryRegistry registry = new(login: Tokens with { IdentityToken = "refresh-1" });
        RefreshHandler handler = new(registry.CreateHandler(), registry.TokenHost, "refresh-2");
        using RegistryClient client = new(registry.CreateOptions() with { HandlerFactory = _ => handler, Credentials = new OneCredential(new() { IdentityToken = "refresh-1", Origin = "the test" }) });
        await Repository(client, "a/b").ResolveAsync("v1");
        Assert.That(async () => await Repository(client, "c/d").ResolveAsync("v1"), Throws.InstanceOf<RegistryException>(), "the registry of this test knows the old one alone");
        Assert.That(handler.Sent.Distinct(), Is.EqualTo(new[] { "refresh-1", "refresh-2" }));
    }

    private static RegistryClient Client(InMemoryRegistry registry, string user, string password) =>
        new(registry.CreateOptions() with { Credentials = CredentialSources.Fixed(registry.Host, user, password, "the test") });

    private static RegistryRepository Repository(RegistryClient client, string name) => client.Repository(ImageReference.Parse($"registry.test/{name}"));

    private static async Task<SmallImage> PushAsync(RegistryClient client, string name, int seed = 1, int width = 8)
    {
        SmallImage image = await SmallImage.MakeAsync(seed, 1000, 2000, 3000);
        RegistryRepository repository = Repository(client, name);
        await ContentCopy.CopyAsync(image.Store, repository, image.Root, new CopyOptions { Width = new TransferWidth { Small = width } });
        await repository.TagAsync("v1", image.Root);
        return image;
    }

    private sealed class OneCredential(Credential credential) : ICredentialSource
    {
        public ValueTask<Credential?> FindAsync(string registry, string repository, CancellationToken cancel = default) => new(credential);
    }

    /// <summary>A token server that gives a token for the login along.</summary>
    private sealed class RefreshHandler(HttpMessageHandler inner, string tokenHost, string token) : DelegatingHandler(inner)
    {
        public List<string> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host != tokenHost) return await base.SendAsync(request, cancellationToken);
            if (request.Content is { } form)
            {
                string text = await form.ReadAsStringAsync(cancellationToken);
                Sent.Add(text.Split('&').Single(pair => pair.StartsWith("refresh_token=", StringComparison.Ordinal))["refresh_token=".Length..]);
                request.Content = new StringContent(text);
            }
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            string json = await answer.Content.ReadAsStringAsync(cancellationToken);
            if (answer.IsSuccessStatusCode) answer.Content = new StringContent(json.TrimEnd('}') + $",\"refresh_token\":\"{token}\"}}");
            return answer;
        }
    }
}
