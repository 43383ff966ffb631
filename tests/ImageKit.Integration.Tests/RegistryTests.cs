using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Push and pull against real registries, with skopeo as the judge of what arrived.</summary>
internal sealed class RegistryTests
{
    private const string Parent = "FROM base\nCOPY one /one\nRUN echo parent > /parent\n";
    private const string Child = Parent + "RUN echo child > /child\n";

    [Test]
    public async Task What_was_pushed_and_removed_comes_back_with_the_same_digest()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = $"{registry.Host}/team/app:1";
        BuiltImage built = await BuildAsync(home, Parent, "-t", name);
        await home.Tool("push", name).SucceedAsync();
        Assert.That(await SkopeoAsync("inspect", "--tls-verify=false", $"docker://{name}"), Does.Contain(built.Digest));
        await home.Tool("rmi", name).SucceedAsync();
        await home.Tool("prune", "--all", "--force").SucceedAsync();
        await home.Tool("pull", name).SucceedAsync();
        await home.Tool("save", "-o", home["back.tar"], name).SucceedAsync();
        Assert.That(await new Command("tar", "-xOf", home["back.tar"], "index.json").SucceedAsync(), Does.Contain(built.Digest));
        Assert.That(await home.Tool("run", "--rm", "--network", "none", name, "cat", "/one", "/parent").SucceedAsync(), Is.EqualTo("1parent\n"));
    }

    [Test]
    public async Task A_second_push_of_a_child_moves_only_its_new_layer_and_config()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        await BuildAsync(home, Parent, "-t", $"{registry.Host}/app:1", "--push");
        int first = registry.Uploads;
        await BuildAsync(home, Child, "-t", $"{registry.Host}/app:2", "--push");
        await Wait.UntilAsync(() => registry.Log.Contains("manifests/2", StringComparison.Ordinal), "the push in the log");
        Assert.That(first, Is.EqualTo(4), "a base, two layers and a config");
        Assert.That(registry.Uploads - first, Is.EqualTo(2), "one layer and a config");
    }

    [Test]
    public async Task A_base_is_pulled_from_a_registry_and_one_digest_names_it()
    {
        Need.Program("skopeo");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await SkopeoAsync("copy", "-q", "--dest-tls-verify=false", $"oci:{Bench.Busybox}:latest", $"docker://{registry.Host}/library/busybox:1");
        await using Home home = await Home.MakeAsync();
        BuiltImage byTag = await home.BuildLayoutAsync($"FROM {registry.Host}/library/busybox:1\nRUN echo hi > /hi\n");
        string digest = new BuiltImage(Bench.Busybox).Digest;
        BuiltImage byDigest = await home.BuildLayoutAsync($"FROM {registry.Host}/library/busybox@{digest}\nRUN echo hi > /hi\n");
        Assert.That(byDigest.Layers, Is.EqualTo(byTag.Layers));
        Assert.That(byTag.Layers[0], Is.EqualTo(new BuiltImage(Bench.Busybox).Layers[0]), "the base's layer as it came");
    }

    [TestCase("basic")]
    [TestCase("token")]
    public async Task Logging_in_lets_push_and_a_wrong_password_does_not(string kind)
    {
        using TokenIssuer? issuer = kind == "token" ? new TokenIssuer() : null;
        using RegistryServer registry = await (issuer is null ? RegistryServer.StartAsync(kind) : RegistryServer.StartAsync(kind, issuer.Realm, issuer.CertificateFile));
        await using Home home = await Home.MakeAsync();
        string name = $"{registry.Host}/private/app:1";
        await BuildAsync(home, Parent, "-t", name);

        Result anonymous = await home.Tool("push", name).RunAsync();
        Assert.That(anonymous.ExitCode, Is.EqualTo(3), anonymous.All);
        Assert.That(anonymous.Error, Does.Match("IK20[0-9]{2}").And.Contains(registry.Host).And.Contains("login"));

        Result wrong = await (home.Tool("login", "-u", "ik", "--password-stdin", registry.Host) with { Input = "wrong\n" }).RunAsync();
        Assert.That(wrong.ExitCode, Is.EqualTo(3), wrong.All);
        Assert.That(wrong.All, Does.Not.Contain("wrong\n"));

        await (home.Tool("login", "-u", "ik", "--password-stdin", registry.Host) with { Input = "secret\n" }).SucceedAsync();
        await home.Tool("push", name).SucceedAsync();
        Assert.That(await SkopeoAsync("inspect", "--tls-verify=false", "--creds", "ik:secret", $"docker://{name}"), Does.Contain("\"Layers\""));
        await home.Tool("logout", registry.Host).SucceedAsync();
        Assert.That((await home.Tool("pull", name).RunAsync()).ExitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task A_public_repository_is_pulled_anonymously_with_a_token()
    {
        using TokenIssuer issuer = new();
        using RegistryServer registry = await RegistryServer.StartAsync("token", issuer.Realm, issuer.CertificateFile);
        await SkopeoAsync("copy", "-q", "--dest-tls-verify=false", "--dest-creds", "ik:secret", $"oci:{Bench.Busybox}:latest", $"docker://{registry.Host}/public/busybox:1");
        await using Home home = await Home.MakeAsync();
        await home.Tool("pull", $"{registry.Host}/public/busybox:1").SucceedAsync();
        Assert.That(await home.Tool("images").SucceedAsync(), Does.Contain("public/busybox"));
    }

    [Test]
    public async Task A_private_authority_is_believed_when_told_and_only_then()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("tls");
        await using Home home = await Home.MakeAsync();
        string name = $"{registry.Host}/app:1";
        await BuildAsync(home, Parent, "-t", name);
        Result refused = await home.Tool("push", name).RunAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(4), refused.All);
        Assert.That(refused.Error, Does.Contain("certificate"));
        await home.Tool("push", name).With("SSL_CERT_FILE", Path.Combine(registry.Folder, "ca.crt")).SucceedAsync();
    }

    [Test]
    public async Task A_registry_that_is_down_is_a_network_error_that_names_it()
    {
        await using Home home = await Home.MakeAsync();
        string host = $"127.0.0.1:{RegistryServer.FreePort()}";
        await BuildAsync(home, Parent, "-t", $"{host}/app:1");
        Result push = await home.Tool("push", $"{host}/app:1").RunAsync();
        Result pull = await home.Tool("pull", $"{host}/other:1").RunAsync();
        home.Write("Dockerfile", $"FROM {host}/base:1\n");
        Result build = await home.Build().RunAsync();
        Assert.Multiple(() =>
        {
            foreach (Result result in new[] { push, pull, build })
            {
                Assert.That(result.ExitCode, Is.EqualTo(4), result.All);
                Assert.That(result.Error, Does.Match("IK20[0-9]{2}").And.Contains(host));
            }
        });
    }

    [Test]
    public async Task An_image_that_the_registry_lacks_is_named()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        home.Write("Dockerfile", $"FROM {registry.Host}/no/such:1\n");
        Result build = await home.Build().RunAsync();
        Assert.That(build.ExitCode, Is.EqualTo(1), build.All);
        Assert.That(build.Error, Does.Match("IK[0-9]{4}").And.Contains("no/such:1").And.Contains("Dockerfile:1"));
    }

    private static async Task<BuiltImage> BuildAsync(Home home, string dockerfile, params IReadOnlyList<string> arguments)
    {
        home.Write("one", "1");
        return await home.BuildLayoutAsync(dockerfile, arguments);
    }

    private static async Task<string> SkopeoAsync(params IReadOnlyList<string> arguments)
    {
        Need.Program("skopeo");
        return await new Command("skopeo", arguments).SucceedAsync();
    }
}
