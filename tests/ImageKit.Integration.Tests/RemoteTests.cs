using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>What the tool does in registries without a store, held against real ones; skopeo and curl judge.</summary>
internal sealed class RemoteTests
{
    [Test]
    public async Task An_image_is_copied_from_registry_to_registry_with_the_same_digest()
    {
        using RegistryServer from = await RegistryServer.StartAsync("plain"), to = await RegistryServer.StartAsync("plain");
        await SeedAsync(from, "library/busybox:1");
        await using Home home = await Home.MakeAsync();
        string digest = (await home.Tool("copy", "-q", $"{from.Host}/library/busybox:1", $"{to.Host}/team/app:2").SucceedAsync()).Trim();
        Assert.That(await SkopeoAsync("inspect", "--tls-verify=false", $"docker://{to.Host}/team/app:2"), Does.Contain(digest));
        Assert.That(Directory.Exists(Path.Combine(home.Store, "images", "blobs")) && Directory.GetFiles(Path.Combine(home.Store, "images", "blobs"), "*", SearchOption.AllDirectories).Length > 0, Is.False, "nothing is kept here");
    }

    [Test]
    public async Task What_is_about_an_image_is_kept_where_the_registry_keeps_no_list_and_goes_along()
    {
        using RegistryServer from = await RegistryServer.StartAsync("plain"), to = await RegistryServer.StartAsync("plain");
        await SeedAsync(from, "app:1");
        await using Home home = await Home.MakeAsync();
        string image = $"{from.Host}/app:1";
        await File.WriteAllTextAsync(home["sbom.json"], "{\"spdx\":1}");
        string sbom = (await home.Tool("referrers", "attach", "--artifact-type", "application/spdx+json", "-a", "made.by=hand", image, home["sbom.json"] + ":application/spdx+json").SucceedAsync()).Trim();
        string signature = (await home.Tool("referrers", "attach", "--artifact-type", "application/vnd.example.signature", $"{from.Host}/app@{sbom}").SucceedAsync()).Trim();
        Assert.That(await home.Tool("referrers", "ls", image).SucceedAsync(), Does.Contain(sbom).And.Contains("application/spdx+json"));
        Assert.That(await home.Tool("referrers", "tree", image).SucceedAsync(), Does.Contain(sbom).And.Contains(signature));
        await home.Tool("copy", "-q", "--referrers", image, $"{to.Host}/app:1").SucceedAsync();
        Assert.That(await home.Tool("referrers", "tree", $"{to.Host}/app:1").SucceedAsync(), Does.Contain(sbom).And.Contains(signature));
        await home.Tool("referrers", "get", "-o", home["out"], $"{to.Host}/app:1").SucceedAsync();
        Assert.That(await File.ReadAllTextAsync(Path.Combine(home["out"], "sbom.json")), Is.EqualTo("{\"spdx\":1}"));
        Assert.That(await home.Tool("referrers", "repair", $"{to.Host}/app:1").SucceedAsync(), Does.Contain("1 listed, nothing to mend"));
    }

    [Test]
    public async Task Files_go_to_a_registry_and_come_back()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        await File.WriteAllTextAsync(home["a.txt"], "one");
        await File.WriteAllTextAsync(home["b.yaml"], "two: 2");
        string name = $"{registry.Host}/settings:1";
        await home.Tool("artifact", "push", "--artifact-type", "application/vnd.example.config", name, "a.txt", "b.yaml:application/yaml").SucceedAsync();
        await home.Tool("artifact", "pull", "-o", home["out"], name).SucceedAsync();
        Assert.That((await File.ReadAllTextAsync(Path.Combine(home["out"], "a.txt")), await File.ReadAllTextAsync(Path.Combine(home["out"], "b.yaml"))), Is.EqualTo(("one", "two: 2")));
        Assert.That(await new Command("curl", "-s", "-H", "Accept: application/vnd.oci.image.manifest.v1+json", $"http://{registry.Host}/v2/settings/manifests/1").SucceedAsync(), Does.Contain("application/vnd.example.config").And.Contains("application/yaml"));
    }

    [Test]
    public async Task Tags_are_listed_and_deleted_and_the_image_stays()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await SeedAsync(registry, "app:1");
        await SeedAsync(registry, "app:2");
        await using Home home = await Home.MakeAsync();
        string digest = (await home.Tool("digest", $"{registry.Host}/app:1").SucceedAsync()).Trim();
        Assert.That((await home.Tool("ls", $"{registry.Host}/app").SucceedAsync()).Trim().Split('\n').Order(), Is.EqualTo(new[] { "1", "2" }));
        Assert.That(await home.Tool("catalog", registry.Host).SucceedAsync(), Is.EqualTo("app\n"));
        await home.Tool("delete", $"{registry.Host}/app:2").SucceedAsync();
        Assert.That(await home.Tool("ls", $"{registry.Host}/app").SucceedAsync(), Is.EqualTo("1\n"));
        Assert.That((await home.Tool("digest", $"{registry.Host}/app:1").SucceedAsync()).Trim(), Is.EqualTo(digest));
        Assert.That((await home.Tool("delete", $"{registry.Host}/app:2").RunAsync()).ExitCode, Is.EqualTo(1));
        await home.Tool("delete", $"{registry.Host}/app@{digest}").SucceedAsync();
        Assert.That((await home.Tool("digest", $"{registry.Host}/app:1").RunAsync()).Error, Does.Contain("IK4034"));
    }

    [Test]
    public async Task A_login_is_named_with_the_place_it_lies_in()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("basic");
        await using Home home = await Home.MakeAsync();
        Assert.That((await home.Tool("whoami", registry.Host).RunAsync()).ExitCode, Is.EqualTo(1));
        await (home.Tool("login", "-u", "ik", "--password-stdin", registry.Host) with { Input = "secret\n" }).SucceedAsync();
        Result who = await home.Tool("whoami", registry.Host).RunAsync();
        Assert.That((who.Output, who.Error.Contains("config.json", StringComparison.Ordinal)), Is.EqualTo(("ik\n", true)));
        Result environment = await home.Tool("ls", $"{registry.Host}/none").With("DOCKER_AUTH_CONFIG", "{\"auths\":{\"" + registry.Host + "\":{\"auth\":\"aWs6d3Jvbmc=\"}}}").RunAsync();
        Assert.That(environment.Error, Does.Contain("$DOCKER_AUTH_CONFIG"), "the source of the login that was refused");
        Assert.That(environment.ExitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task Errors_are_told_to_programs_as_one_object()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("basic");
        await using Home home = await Home.MakeAsync();
        Result refused = await home.Tool("pull", "--progress", "json", $"{registry.Host}/app:1").RunAsync();
        using var error = System.Text.Json.JsonDocument.Parse(refused.Error.Trim().Split('\n')[^1]);
        Assert.Multiple(() =>
        {
            Assert.That(error.RootElement.GetProperty("code").GetString(), Is.EqualTo("IK2004"));
            Assert.That(error.RootElement.GetProperty("status").GetInt32(), Is.EqualTo(401));
            Assert.That(error.RootElement.GetProperty("attempts")[0].GetProperty("request").GetString(), Does.Contain(registry.Host));
        });
    }

    // An image of one layer that does not compress.
    private static async Task<string> BuildLargeAsync(Home home, RegistryServer registry, int length)
    {
        byte[] large = new byte[length];
        new Random(length).NextBytes(large);
        Directory.CreateDirectory(home["context"]);
        await File.WriteAllBytesAsync(Path.Combine(home["context"], "large"), large);
        string name = $"{registry.Host}/large:1";
        home.Write("Dockerfile", "FROM scratch\nCOPY large /large\n");
        await home.Build("-t", name).SucceedAsync();
        return name;
    }

    [Test]
    public async Task A_pull_that_was_killed_goes_on_where_it_was()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = await BuildLargeAsync(home, registry, 64 * 1024 * 1024);
        await home.Tool("push", name).SucceedAsync();
        await using Home other = await Home.MakeAsync();
        Running pull = other.Tool("pull", name).Start();
        string partial = Path.Combine(other.Store, "images", ".imagekit", "partial");
        await Wait.UntilAsync(() => Directory.Exists(partial) && Directory.GetFiles(partial).Length > 0, "the first bytes");
        await registry.PauseAsync();
        await pull.SignalAsync("KILL");
        await pull.EndAsync();
        pull.Dispose();
        await registry.ResumeAsync();
        await other.Tool("pull", name).SucceedAsync();
        Assert.That(Directory.Exists(partial) ? Directory.GetFiles(partial) : [], Is.Empty);
        Assert.That(await other.Tool("inspect", name).SucceedAsync(), Does.Contain("sha256:"));
    }

    [Test]
    public async Task Large_blobs_are_pushed_in_chunks_where_that_is_asked_for()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = await BuildLargeAsync(home, registry, 9 * 1024 * 1024);
        await home.Tool("push", name).With("SDK_CONTAINER_REGISTRY_CHUNKED_UPLOAD_SIZE_BYTES", "4194304").SucceedAsync();
        await Wait.UntilAsync(() => registry.Log.Split('\n').Count(line => line.Contains("\"PATCH /v2/", StringComparison.Ordinal)) >= 3, "three chunks in the log");
        Assert.That(await SkopeoAsync("inspect", "--tls-verify=false", $"docker://{name}"), Does.Contain("\"Layers\""));
    }

    private static Task<string> SeedAsync(RegistryServer registry, string name) =>
        SkopeoAsync("copy", "-q", "--dest-tls-verify=false", $"oci:{Bench.Busybox}:latest", $"docker://{registry.Host}/{name}");

    private static async Task<string> SkopeoAsync(params IReadOnlyList<string> arguments)
    {
        Need.Program("skopeo");
        return await new Command("skopeo", arguments).SucceedAsync();
    }
}
