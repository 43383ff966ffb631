using System.Text.Json;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Server.Tests.Conformance;
using ImageKit.Server.Tests.Programs;
using ImageKit.Testing;

namespace ImageKit.Server.Tests.Access;

/// <summary>Who may do what with which repositories.</summary>
internal sealed class RightsTests
{
    private static readonly string Users = string.Join('\n', new[] { "alice", "bob", "carol" }.Select(user => $"{user}:{BCrypt.Net.BCrypt.HashPassword("secret", 4)}"));

    private const string Rights = """
        # who   what         repositories
        *       pull         public/**
        +       pull         shared/*
        alice   all          **
        bob     push         team/** public/bob

        """;

    [TestCase(null, "public/a/b", "pull")]
    [TestCase(null, "shared/a", "")]
    [TestCase("carol", "shared/a", "pull")]
    [TestCase("carol", "shared/a/b", "")]
    [TestCase("carol", "public/x", "pull")]
    [TestCase("carol", "team/app", "")]
    [TestCase("bob", "team/app", "pull,push")]
    [TestCase("bob", "team", "")]
    [TestCase("bob", "teams/app", "")]
    [TestCase("bob", "public/bob", "pull,push")]
    [TestCase("bob", "public/bob/x", "pull")]
    [TestCase("alice", "any/thing", "delete,pull,push")]
    public void What_is_granted(string? user, string repository, string actions)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["rights"], Rights);
        AccessRights rights = AccessRights.Read(folder["rights"]);
        Assert.That(rights.Granted(user, ScopeSet.Parse($"repository:{repository}:pull,push,delete")).ToString(), Is.EqualTo(actions.Length == 0 ? "" : $"repository:{repository}:{actions}"));
        Assert.That(rights.May(user, ScopeSet.Parse("registry:catalog:*")), Is.EqualTo(user == "alice"));
    }

    [TestCase("alice", TestName = "A user and nothing else")]
    [TestCase("alice push", TestName = "No repository")]
    [TestCase("alice write team/**", TestName = "An action that is none")]
    [TestCase("alice push Team/[a-z]", TestName = "A pattern that is none")]
    [TestCase(null, TestName = "A file that is not there")]
    public void Refused(string? text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["users"], Users);
        if (text is not null) File.WriteAllText(folder["rights"], "* pull **\n" + text);
        Assert.That(async () => await RegistryServer.StartAsync(new() { Listen = "127.0.0.1:0", Htpasswd = folder["users"], Rights = folder["rights"] }),
            Throws.InstanceOf<ImageKitException>().With.Property("Code").EqualTo("IK2077"));
    }

    [TestCase(false, TestName = "With passwords each gets what is his")]
    [TestCase(true, TestName = "With tokens each gets what is his")]
    public async Task Each(bool tokens)
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await StartAsync(folder, tokens);
        using RegistryClient alice = Client(registry.Host, "alice"), bob = Client(registry.Host, "bob"), carol = Client(registry.Host, "carol"), nobody = new(new() { Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.None });
        SmallImage secret = await SmallImage.PushAsync(alice, $"{registry.Host}/secret/app", "v1", seed: 3);
        await SmallImage.PushAsync(alice, $"{registry.Host}/public/app", "v1");
        await SmallImage.PushAsync(bob, $"{registry.Host}/team/app", "v1", seed: 2);
        Assert.That(await SeesAsync(nobody, "public/app"), Is.True);
        Assert.That(await SeesAsync(bob, "team/app"), Is.True);
        foreach ((RegistryClient client, string name) in new[] { (nobody, "team/app"), (carol, "team/app"), (bob, "secret/app") })
            Assert.That(async () => await SeesAsync(client, name), Throws.InstanceOf<RegistryException>().With.Property("Kind").EqualTo(RegistryErrorKind.Denied), name);
        Assert.That(async () => await SmallImage.PushAsync(bob, $"{registry.Host}/public/app", "v2", seed: 4), Throws.InstanceOf<RegistryException>().With.Property("Kind").EqualTo(RegistryErrorKind.Denied));
        Assert.That(async () => await Repository(bob, "team/app").DeleteTagAsync("v1"), Throws.InstanceOf<RegistryException>());

        // A digest that one has heard of opens no door.
        using JsonDocument manifest = await JsonDocument.ParseAsync(await secret.Store.OpenAsync(secret.Root));
        string layer = manifest.RootElement.GetProperty("layers")[0].GetProperty("digest").GetString()!;
        HttpRequestMessage mount = new(HttpMethod.Post, $"/v2/team/app/blobs/uploads/?mount={layer}");
        mount.Headers.Authorization = tokens ? new("Bearer", await TokenAsync(registry, "repository:team/app:pull,push")) : new("Basic", Convert.ToBase64String("bob:secret"u8));
        Assert.That((int)(await registry.Http.SendAsync(mount)).StatusCode, Is.EqualTo(202));

        await File.WriteAllTextAsync(folder["rights"], "carol pull team/**\n");
        bool sees = false;
        for (int tries = 0; tries < 100 && !sees; tries++)
        {
            await Task.Delay(100);
            using RegistryClient again = Client(registry.Host, "carol"); // with no token of before
            sees = await TriesAsync(again, "team/app");
        }
        Assert.That(sees, Is.True, "the file is read again");

        RegistryRepository Repository(RegistryClient client, string name) => client.Repository(ImageReference.Parse($"{registry.Host}/{name}"));

        async Task<bool> SeesAsync(RegistryClient client, string name) => await Repository(client, name).ResolveAsync("v1") is not null;

        async Task<bool> TriesAsync(RegistryClient client, string name)
        {
            try
            {
                return await SeesAsync(client, name);
            }
            catch (RegistryException)
            {
                return false;
            }
        }
    }

    [Test]
    public async Task Mirrored_repositories_go_by_the_mirrors_name_however_they_are_asked_for()
    {
        using TemporaryFolder folder = new();
        using InMemoryRegistry upstream = new();
        await SmallImage.PushAsync(upstream, "public/app", "v1");
        await using ServedRegistry registry = await StartAsync(folder, tokens: false, options => options with { MirrorOf = ["hub=http://" + upstream.Listen()] });
        Assert.That((int)(await registry.Http.GetAsync("/v2/public/app/manifests/v1?ns=hub")).StatusCode, Is.EqualTo(401), "it is hub/public/app, which not everybody may pull");
        await File.AppendAllTextAsync(folder["rights"], "* pull hub/public/*\n");
        int status = 401;
        for (int tries = 0; tries < 100 && status == 401; tries++)
        {
            await Task.Delay(100);
            status = (int)(await registry.Http.GetAsync("/v2/public/app/manifests/v1?ns=hub")).StatusCode;
        }
        Assert.That(status, Is.EqualTo(200));
        Assert.That((int)(await registry.Http.GetAsync("/v2/hub/public/app/manifests/v1")).StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task Skopeo_pushes_with_a_login_where_everybody_may_pull()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["users"], Users);
        await using ServedRegistry registry = await ServedRegistry.StartAsync("folder", options => options with { Htpasswd = folder["users"], AllowsAnonymousPull = true });
        using InMemoryRegistry source = new();
        string host = source.Listen();
        await SmallImage.PushAsync(source, "a/b", "v1");
        await Judge.RunAsync("skopeo", "copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false", "--dest-creds", "alice:secret", $"docker://{host}/a/b:v1", $"docker://{registry.Host}/a/b:v1");
        Assert.That(await Judge.RunAsync("skopeo", "list-tags", "--tls-verify=false", $"docker://{registry.Host}/a/b"), Does.Contain("v1"));
        Assert.That((await Judge.TryAsync("skopeo", "login", "--tls-verify=false", "--authfile", folder["auth.json"], "-u", "alice", "-p", "wrong", registry.Host)).ExitCode, Is.Not.Zero);
    }

    private static Task<ServedRegistry> StartAsync(TemporaryFolder folder, bool tokens, Func<RegistryServerOptions, RegistryServerOptions>? change = null)
    {
        File.WriteAllText(folder["users"], Users);
        File.WriteAllText(folder["rights"], Rights);
        return ServedRegistry.StartAsync("folder", options => (change ?? (same => same))(options with { Htpasswd = folder["users"], Rights = folder["rights"], UsesTokens = tokens }));
    }

    private static RegistryClient Client(string host, string user) => new(new RegistryOptions { Credentials = CredentialSources.Fixed(host, user, "secret"), Mirrors = MirrorConfiguration.None });

    private static async Task<string> TokenAsync(ServedRegistry registry, string scope)
    {
        HttpRequestMessage request = new(HttpMethod.Get, $"/token?scope={Uri.EscapeDataString(scope)}");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("bob:secret"u8));
        using JsonDocument answer = JsonDocument.Parse(await (await registry.Http.SendAsync(request)).Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("token").GetString()!;
    }
}
