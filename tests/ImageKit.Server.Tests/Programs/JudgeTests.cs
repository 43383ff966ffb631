using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Testing;

namespace ImageKit.Server.Tests.Programs;

/// <summary>Other programs use the registry: skopeo, buildah and podman.</summary>
internal sealed class JudgeTests
{
    [Test]
    public async Task Skopeo_pushes_lists_copies_pulls_and_deletes()
    {
        using TemporaryFolder folder = new();
        await using ServedRegistry registry = await ServedRegistry.StartAsync();
        SmallImage image = await PushAsync(registry.Host, "a/b");
        await Judge.RunAsync("skopeo", "copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{registry.Host}/a/b:v1", $"docker://{registry.Host}/c/d:v2");
        Assert.That(await Judge.RunAsync("skopeo", "list-tags", "--tls-verify=false", $"docker://{registry.Host}/c/d"), Does.Contain("\"v2\""));
        await Judge.RunAsync("skopeo", "copy", "-q", "--src-tls-verify=false", $"docker://{registry.Host}/c/d:v2", $"oci:{folder["out"]}:v2");
        Assert.That(File.Exists(Path.Combine(folder["out"], "blobs/sha256", image.Root.Digest.Encoded)));
        await Judge.RunAsync("skopeo", "copy", "-q", "--dest-tls-verify=false", $"oci:{folder["out"]}:v2", $"docker://{registry.Host}/e/f:v3");
        await Judge.RunAsync("skopeo", "delete", "--tls-verify=false", $"docker://{registry.Host}/e/f:v3");
        Assert.That((await Judge.TryAsync("skopeo", "inspect", "--tls-verify=false", $"docker://{registry.Host}/e/f:v3")).ExitCode, Is.Not.Zero);
    }

    [TestCase(false, TestName = "Skopeo logs in with a password of htpasswd")]
    [TestCase(true, TestName = "Skopeo logs in for tokens")]
    public async Task Logins(bool tokens)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["users"], await Judge.RunAsync("htpasswd", "-Bbn", "me", "secret"));
        await using ServedRegistry registry = await ServedRegistry.StartAsync("folder", options => options with { Htpasswd = folder["users"], UsesTokens = tokens });
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Fixed(registry.Host, "me", "secret"), Mirrors = MirrorConfiguration.None });
        await SmallImage.PushAsync(client, $"{registry.Host}/a/b", "v1");
        (int refused, _, string why) = await Judge.TryAsync("skopeo", "login", "--tls-verify=false", "--authfile", folder["auth.json"], "-u", "me", "-p", "wrong", registry.Host);
        Assert.That(refused, Is.Not.Zero, why);
        await Judge.RunAsync("skopeo", "login", "--tls-verify=false", "--authfile", folder["auth.json"], "-u", "me", "-p", "secret", registry.Host);
        await Judge.RunAsync("skopeo", "copy", "-q", "--authfile", folder["auth.json"], "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{registry.Host}/a/b:v1", $"docker://{registry.Host}/c/d:v1");
        Assert.That((await Judge.TryAsync("skopeo", "inspect", "--authfile", folder["none.json"], "--tls-verify=false", $"docker://{registry.Host}/a/b:v1")).ExitCode, Is.Not.Zero, "without the login");
        await File.WriteAllTextAsync(folder["config.json"], $"{{\"auths\":{{\"{registry.Host}\":{{\"auth\":\"{Convert.ToBase64String("me:secret"u8)}\"}}}}}}"); // docker's own form
        await Judge.RunAsync("skopeo", "inspect", "--authfile", folder["config.json"], "--tls-verify=false", $"docker://{registry.Host}/c/d:v1");
    }

    [Test, Category("Long")]
    public async Task Podman_logs_in_for_tokens()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["users"], await Judge.RunAsync("htpasswd", "-Bbn", "me", "secret"));
        await using ServedRegistry registry = await ServedRegistry.StartAsync("folder", options => options with { Htpasswd = folder["users"], UsesTokens = true });
        await Judge.RunAsync("podman", "login", "--tls-verify=false", "--authfile", folder["podman.json"], "-u", "me", "-p", "secret", registry.Host);
        Assert.That((await Judge.TryAsync("podman", "login", "--tls-verify=false", "--authfile", folder["podman.json"], "-u", "me", "-p", "wrong", registry.Host)).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Skopeo_pulls_through_the_mirror_that_its_registries_conf_names()
    {
        using TemporaryFolder folder = new();
        using InMemoryRegistry upstream = new();
        string host = upstream.Listen();
        SmallImage image = await SmallImage.PushAsync(upstream, "library/app", "v1");
        await using ServedRegistry mirror = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["http://" + host] });
        await File.WriteAllTextAsync(folder["registries.conf"], $"[[registry]]\nlocation = \"hub.test\"\n[[registry.mirror]]\nlocation = \"{mirror.Host}\"\ninsecure = true\n");
        for (int time = 0; time < 2; time++)
        {
            await Judge.RunAsync("skopeo", "--registries-conf", folder["registries.conf"], "copy", "-q", "docker://hub.test/library/app:v1", $"oci:{folder["out" + time]}:v1");
            Assert.That(File.Exists(Path.Combine(folder["out" + time], "blobs/sha256", image.Root.Digest.Encoded)));
        }
        Assert.That(upstream.Requests.Count(request => request.Method == "GET" && request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)), Is.EqualTo(3), "each blob once");
        (int pushed, _, string error) = await Judge.TryAsync("skopeo", "copy", "-q", "--dest-tls-verify=false", $"oci:{folder["out0"]}:v1", $"docker://{mirror.Host}/library/app:v2");
        Assert.That((pushed, error), Is.Not.EqualTo((0, "")));
    }

    [Test]
    public async Task Our_client_pulls_through_the_mirror_that_hosts_toml_and_daemon_json_name()
    {
        using InMemoryRegistry upstream = new();
        string host = upstream.Listen();
        SmallImage image = await SmallImage.PushAsync(upstream, "team/app", "v1");
        await using ServedRegistry mirror = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["quay.io=http://" + host], TagLifetime = TimeSpan.Zero });
        HostsToml hosts = HostsToml.Parse($"[host.\"http://{mirror.Host}\"]\ncapabilities = [\"pull\", \"resolve\"]\n", "quay.io");
        await PullAsync(hosts, "quay.io/team/app:v1"); // by ?ns=
        await using ServedRegistry root = await ServedRegistry.StartAsync("folder", options => options with { MirrorOf = ["http://" + host] });
        await PullAsync(DaemonJson.Parse($"{{\"registry-mirrors\":[\"http://{root.Host}\"]}}"), "docker.io/team/app:v1");

        async Task PullAsync(IMirrorSource source, string name)
        {
            ImageReference reference = ImageReference.Parse(name);
            using RegistryClient client = new(new RegistryOptions
            {
                Credentials = CredentialSources.Anonymous,
                Mirrors = MirrorConfiguration.Of(source) with { Tags = TagPolicy.Mirror },
                Retries = new() { Attempts = 1 },
            });
            RegistryRepository repository = client.Repository(reference);
            Descriptor? root = await repository.ResolveAsync("v1");
            Assert.That(root?.Digest, Is.EqualTo(image.Root.Digest));
            await ContentCopy.CopyAsync(repository, new MemoryStore(), root!);
        }
    }

    private static async Task<SmallImage> PushAsync(string host, string name)
    {
        using RegistryClient client = new(new RegistryOptions { Credentials = CredentialSources.Anonymous, Mirrors = MirrorConfiguration.None });
        return await SmallImage.PushAsync(client, $"{host}/{name}", "v1");
    }
}
