using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Mirrors and copies by a file, from the command line, with skopeo as the judge.</summary>
internal sealed class MirrorTests
{
    [Test]
    public async Task A_build_takes_its_base_from_the_mirror_that_podmans_file_names()
    {
        Need.Program("skopeo");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await SeedAsync($"{registry.Host}/cache/library/busybox:1");
        await using Home home = await Home.MakeAsync();
        string conf = home.Write("registries.conf", $"""
            [[registry]]
            location = "hub.test"
            [[registry.mirror]]
            location = "{registry.Host}/cache"
            insecure = true

            """, "configuration");
        home.Write("Dockerfile", "FROM hub.test/library/busybox:1\nRUN echo hi > /hi\n");
        Result build = await home.Tool("build", "--progress", "plain", "-t", "app", home["context"]).With("CONTAINERS_REGISTRIES_CONF", conf).RunAsync();
        Assert.That(build.ExitCode, Is.Zero, build.All);
        Assert.That(build.Error, Does.Contain("notice: ").And.Contain("could not be asked"), "nobody knows hub.test, so the mirror was believed");

        string judged = await new Command("skopeo", "--registries-conf", conf, "inspect", "--no-tags", "--format", "{{.Digest}}", "docker://hub.test/library/busybox:1").SucceedAsync();
        string tested = await home.Tool("mirror", "test", "hub.test/library/busybox:1").With("CONTAINERS_REGISTRIES_CONF", conf).SucceedAsync();
        Assert.That(tested, Does.Contain(judged.Trim()));
        string explained = await home.Tool("mirror", "explain", "hub.test/library/busybox:1").With("CONTAINERS_REGISTRIES_CONF", conf).SucceedAsync();
        Assert.That(explained, Does.Contain($"https://{registry.Host}/v2/cache/library/busybox/manifests/1").And.Contain($"{conf}:3").And.Contain("plain HTTP is allowed"));
    }

    [Test]
    public async Task A_broken_file_stops_a_pull_and_names_its_line()
    {
        await using Home home = await Home.MakeAsync();
        string conf = home.Write("imagekit.toml", "\n[registry.\"docker.io\"]\nmirrors = [17]\n", "configuration");
        Result pull = await home.Tool("pull", "busybox").With("IMAGEKIT_CONFIG", conf).RunAsync();
        Assert.That(pull.ExitCode, Is.EqualTo(1), pull.All);
        Assert.That(pull.Error, Does.Contain("IK2040").And.Contain($"{conf}:3"));
    }

    [Test]
    public async Task A_file_is_synced_from_registry_to_registry()
    {
        Need.Program("skopeo");
        using RegistryServer source = await RegistryServer.StartAsync("plain"), target = await RegistryServer.StartAsync("plain");
        foreach (string tag in new[] { "1.0", "1.1", "2.0" }) await SeedAsync($"{source.Host}/team/app:{tag}");
        await SeedAsync($"{target.Host}/copy/app:old");
        await using Home home = await Home.MakeAsync();
        string file = home.Write("sync.yaml", $"rules:\n- source: {source.Host}/team/*\n  target: {target.Host}/copy/*\n  tags: {{semver: 1.x}}\n  delete: true\n", "configuration");
        Assert.That(await home.Tool("sync", "--dry-run", file).SucceedAsync(), Does.Contain("2 to copy, 0 unchanged, 1 to delete"));
        Assert.That(await home.Tool("sync", file).SucceedAsync(), Does.Contain("2 copied, 0 unchanged, 1 deleted, 0 skipped, 0 failed"));
        Assert.That(await home.Tool("sync", file).SucceedAsync(), Does.Contain("0 copied, 2 unchanged, 0 deleted"));
        string tags = await new Command("skopeo", "list-tags", "--tls-verify=false", $"docker://{target.Host}/copy/app").SucceedAsync();
        Assert.That(tags, Does.Contain("1.0").And.Contain("1.1").And.Not.Contain("2.0").And.Not.Contain("old"));

        Result broken = await home.Tool("sync", home.Write("broken.yaml", "rules:\n- source: a.test/b\n  to: c.test/b\n", "configuration")).RunAsync();
        Assert.That(broken.ExitCode, Is.EqualTo(1));
        Assert.That(broken.Error, Does.Contain("IK2050").And.Contain("broken.yaml:3"));
    }

    private static Task SeedAsync(string name) =>
        new Command("skopeo", "copy", "-q", "--dest-tls-verify=false", $"oci:{Bench.Busybox}:latest", $"docker://{name}").SucceedAsync();
}
