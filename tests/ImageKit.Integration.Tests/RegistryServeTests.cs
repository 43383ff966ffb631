using System.Security.Cryptography;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>`imagekit registry serve` as users run it, with skopeo, buildah and the tool itself as clients.</summary>
internal sealed class RegistryServeTests
{
    [Test]
    public async Task The_tool_pushes_copies_lists_attaches_and_deletes()
    {
        await using Home home = await Home.MakeAsync();
        using OwnRegistry registry = await OwnRegistry.StartAsync(home, home["registry"]);
        string name = $"{registry.Host}/team/app";
        home.Write("Dockerfile", "FROM base\nCOPY file /file\n");
        home.Write("file", "content");
        await home.Build("-t", $"{name}:1", "--push").SucceedAsync();
        await home.Tool("copy", $"{name}:1", $"{registry.Host}/other/app:2").SucceedAsync();
        Assert.That(await home.Tool("ls", $"{registry.Host}/other/app").SucceedAsync(), Does.Contain("2"));
        Assert.That(await home.Tool("catalog", registry.Host).SucceedAsync(), Does.Contain("other/app").And.Contain("team/app"));
        home.Write("note.txt", "signed", "configuration");
        await home.Tool("referrers", "attach", $"{name}:1", "--artifact-type", "application/vnd.example.note", home["configuration/note.txt"]).SucceedAsync();
        Assert.That(await home.Tool("referrers", "ls", $"{name}:1").SucceedAsync(), Does.Contain("application/vnd.example.note"));
        await home.Tool("pull", $"{registry.Host}/other/app:2").SucceedAsync();
        await home.Tool("delete", "-f", $"{name}:1").RunAsync();
        await registry.SignalAsync("INT");
        Result end = await registry.EndAsync();
        Assert.That(end.ExitCode, Is.Zero, end.All);
        Assert.That(await home.Tool("registry", "gc", "--root", home["registry"], "--age", "0s", "--untagged", "--dry-run").SucceedAsync(), Does.StartWith("would free"));
    }

    [Test]
    public async Task Buildah_pushes_and_skopeo_pulls_it()
    {
        Need.Program("buildah");
        await using Home home = await Home.MakeAsync();
        using OwnRegistry registry = await OwnRegistry.StartAsync(home, home["registry"]);
        string[] storage = ["--root", home["containers"], "--runroot", home["run"], "--storage-driver", "vfs"];
        string container = (await new Command("buildah", [.. storage, "from", $"oci:{Bench.Busybox}:latest"]).SucceedAsync()).Trim();
        string image = (await new Command("buildah", [.. storage, "commit", "-q", container, "app"]).SucceedAsync()).Trim();
        await new Command("buildah", [.. storage, "push", "-q", "--tls-verify=false", image, $"docker://{registry.Host}/team/app:1"]).SucceedAsync();
        await new Command("skopeo", "copy", "-q", "--src-tls-verify=false", $"docker://{registry.Host}/team/app:1", $"oci:{home["out"]}:1").SucceedAsync();
    }

    [Test]
    public async Task A_push_goes_on_where_it_was_when_the_registry_was_killed()
    {
        await using Home home = await Home.MakeAsync();
        string noise = home["context/noise"];
        Directory.CreateDirectory(home["context"]);
        await File.WriteAllBytesAsync(noise, RandomNumberGenerator.GetBytes(150_000_000));
        home.Write("Dockerfile", "FROM scratch\nCOPY noise /noise\n");
        OwnRegistry registry = await OwnRegistry.StartAsync(home, home["registry"]);
        string name = $"{registry.Host}/team/app:1";
        await home.Build("-t", name).SucceedAsync();
        using Running push = home.Tool("push", name).Start();
        await Wait.UntilAsync(() => push.Ended || new DirectoryInfo(home["registry/uploads"]).EnumerateFiles().Any(file => file.Length > 10_000_000), "the upload");
        await registry.SignalAsync("KILL");
        registry.Dispose();
        long half = new DirectoryInfo(home["registry/uploads"]).EnumerateFiles().Max(file => file.Length);
        Assert.That(half, Is.InRange(10_000_000, 149_000_000));
        await push.EndAsync();

        using OwnRegistry second = await OwnRegistry.StartAsync(home, home["registry"], int.Parse(registry.Host.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture), []);
        await home.Tool("push", name).SucceedAsync();
        Assert.That(second.Log.Split('\n'), Has.Some.Contains("GET /v2/team/app/blobs/uploads/").And.Contains(" 204 "), "it asked how far it had got");
        await new Command("skopeo", "copy", "-q", "--src-tls-verify=false", $"docker://{name}", $"oci:{home["out"]}:1").SucceedAsync();
    }

    [Test]
    public async Task A_full_disk_is_told_and_leaves_nothing_behind()
    {
        Need.Root();
        await using Home home = await Home.MakeAsync();
        string disk = Directory.CreateDirectory(home["disk"]).FullName;
        await new Command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk).SucceedAsync();
        try
        {
            using OwnRegistry registry = await OwnRegistry.StartAsync(home, Path.Combine(disk, "registry"));
            using HttpClient http = new() { BaseAddress = new($"http://{registry.Host}/") };
            byte[] large = RandomNumberGenerator.GetBytes(20_000_000), small = RandomNumberGenerator.GetBytes(1_000_000);
            HttpResponseMessage full = await http.PostAsync($"v2/a/b/blobs/uploads/?digest={DigestOf(large)}", new ByteArrayContent(large));
            Assert.That((int)full.StatusCode, Is.EqualTo(507));
            Assert.That(await full.Content.ReadAsStringAsync(), Does.Contain("\"errors\":[{\"code\":"));
            Assert.That((int)(await http.GetAsync($"v2/a/b/blobs/{DigestOf(large)}")).StatusCode, Is.EqualTo(404));
            Assert.That(new DirectoryInfo(Path.Combine(disk, "registry/uploads")).EnumerateFiles(), Is.Empty);
            HttpResponseMessage fits = await http.PostAsync($"v2/a/b/blobs/uploads/?digest={DigestOf(small)}", new ByteArrayContent(small));
            Assert.That((int)fits.StatusCode, Is.EqualTo(201), "there is room again");
            await registry.SignalAsync("TERM");
            await registry.EndAsync();
        }
        finally
        {
            await new Command("umount", disk).RunAsync();
        }
    }

    [Test]
    public async Task A_mirror_of_a_registry_with_a_login_serves_a_whole_team_after_one_fetch()
    {
        Need.Program("skopeo");
        await using Home home = await Home.MakeAsync();
        RegistryServer upstream = await RegistryServer.StartAsync("basic");
        string logins = home.Write("config.json", $"{{\"auths\":{{\"{upstream.Host}\":{{\"auth\":\"{Convert.ToBase64String("ik:secret"u8)}\"}}}}}}", "logins");
        using OwnRegistry mirror = await OwnRegistry.StartAsync(home, home["registry"], "--mirror-of", $"http://{upstream.Host}", "--mirror-login", logins, "--tag-ttl", "0s");
        string conf = home.Write("registries.conf", $"[[registry]]\nlocation = \"hub.test\"\n[[registry.mirror]]\nlocation = \"{mirror.Host}\"\ninsecure = true\n", "configuration");
        using (upstream)
        {
            await new Command("skopeo", "copy", "-q", "--dest-tls-verify=false", "--dest-creds", "ik:secret", $"oci:{Bench.Busybox}:latest", $"docker://{upstream.Host}/library/busybox:1").SucceedAsync();
            for (int client = 0; client < 3; client++) await new Command("skopeo", "--registries-conf", conf, "copy", "-q", "docker://hub.test/library/busybox:1", $"oci:{home["out" + client]}:1").SucceedAsync();
            await home.Tool("pull", "hub.test/library/busybox:1").With("CONTAINERS_REGISTRIES_CONF", conf).SucceedAsync();
            string[] fetched = [.. upstream.Log.Split('\n').Where(line => line.Contains("\"GET /v2/library/busybox/blobs/", StringComparison.Ordinal) && line.Contains(" 200 ", StringComparison.Ordinal))];
            Assert.That(fetched, Has.Length.EqualTo(2), "the config and the layer, once each");
            Result push = await new Command("skopeo", "copy", "-q", "--dest-tls-verify=false", $"oci:{Bench.Busybox}:latest", $"docker://{mirror.Host}/library/busybox:2").RunAsync();
            Assert.That(push.ExitCode, Is.Not.Zero);
        }
        await new Command("skopeo", "--registries-conf", conf, "copy", "-q", "docker://hub.test/library/busybox:1", $"oci:{home["stale"]}:1").SucceedAsync();
        Assert.That(mirror.Log, Does.Contain(" stale"));
    }

    [Test]
    public async Task Memory_stays_flat_whatever_the_blob()
    {
        await using Home home = await Home.MakeAsync();
        using OwnRegistry registry = await OwnRegistry.StartAsync(home, home["registry"]);
        using HttpClient http = new() { BaseAddress = new($"http://{registry.Host}/") };
        string file = home["large"];
        using (FileStream large = File.Create(file)) large.SetLength(500_000_000);
        string digest = "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(File.OpenRead(file)));
        HttpResponseMessage put = await http.PostAsync($"v2/a/b/blobs/uploads/?digest={digest}", new StreamContent(File.OpenRead(file)));
        Assert.That((int)put.StatusCode, Is.EqualTo(201));
        await using (Stream got = await http.GetStreamAsync($"v2/a/b/blobs/{digest}")) Assert.That("sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(got)), Is.EqualTo(digest));
        Assert.That(registry.PeakBytes, Is.LessThan(200_000_000));
    }

    [TestCase("--token", "2", "--htpasswd")]
    [TestCase("--rights r", "2", "--htpasswd")]
    [TestCase("--rights r --htpasswd u --anonymous-pull", "2", "* pull **")]
    [TestCase("--memory --mirror-of docker.io", "2", "--memory")]
    [TestCase("--tls-cert a.pem", "2", "--tls-key")]
    [TestCase("--listen nowhere:x", "1", "IK2070")]
    [TestCase("--mirror-of /", "1", "IK2074")]
    [TestCase("--htpasswd missing", "1", "IK2072")]
    public async Task Options_that_do_not_fit_are_refused(string options, string code, string said)
    {
        await using Home home = await Home.MakeAsync();
        Result result = await home.Tool(["registry", "serve", .. options.Split(' ')]).RunAsync();
        Assert.That($"{result.ExitCode}", Is.EqualTo(code), result.All);
        Assert.That(result.Error, Does.Contain(said));
    }

    private static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
