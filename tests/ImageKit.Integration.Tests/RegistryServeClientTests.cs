using System.Security.Cryptography;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Other makers' engines pull Docker Hub's images through `imagekit registry serve --mirror-of`, each configured as its own manual says.</summary>
internal sealed class RegistryServeClientTests
{
    private const string Image = "docker.io/library/busybox:latest";

    [Test]
    public async Task Buildah_pulls_through_the_mirror_that_registries_conf_names()
    {
        Need.Root();
        Need.Program("buildah");
        await using Bed bed = await Bed.MakeAsync();
        string conf = bed.Home.Write("registries.conf", $"[[registry]]\nlocation = \"docker.io\"\n[[registry.mirror]]\nlocation = \"{bed.Mirror.Host}\"\ninsecure = true\n", "configuration");
        string container = await new Command("buildah", ["--root", bed.Home["bd"], "--runroot", bed.Home["bd-run"], "--storage-driver", "vfs", "from", "-q", Image]).With("CONTAINERS_REGISTRIES_CONF", conf).SucceedAsync();
        Assert.That(container, Does.StartWith("busybox-working-container"));
        bed.AssertFetchedOnce();
    }

    [Test, Category("Long")]
    public async Task Podman_pulls_and_runs_through_the_mirror()
    {
        Need.Root();
        Need.Program("podman");
        await using Bed bed = await Bed.MakeAsync();
        string conf = bed.Home.Write("registries.conf", $"[[registry]]\nlocation = \"docker.io\"\n[[registry.mirror]]\nlocation = \"{bed.Mirror.Host}\"\ninsecure = true\n", "configuration");
        string run = Directory.CreateTempSubdirectory("ikpod").FullName; // podman wants it short
        Command Podman(params string[] words) => new Command("podman", ["--root", bed.Home["pod"], "--runroot", run, "--storage-driver", "vfs", .. words]).With("CONTAINERS_REGISTRIES_CONF", conf);
        try
        {
            for (int time = 0; time < 2; time++)
            {
                await Podman("pull", "-q", Image).SucceedAsync();
                Assert.That(await Podman("images", "--format", "{{.Repository}}:{{.Tag}}").SucceedAsync(), Is.EqualTo(Image + "\n"));
                await Podman("rmi", "-f", Image).SucceedAsync();
            }
            bed.AssertFetchedOnce();
        }
        finally
        {
            await new Command("sh", "-c", "grep -o \" $0[^ ]*\" /proc/self/mountinfo | sort -r | xargs -r umount", bed.Home.Folder).RunAsync();
            Directory.Delete(run, recursive: true);
        }
    }

    [Test, Category("Long")]
    public async Task Dockerd_pulls_through_its_registry_mirror_and_logs_in_for_a_refresh_token()
    {
        Need.Root();
        Need.Program("dockerd", "docker.io");
        await using Bed bed = await Bed.MakeAsync();
        Home home = bed.Home;
        await File.WriteAllTextAsync(home["users"], await new Command("htpasswd", "-Bbn", "me", "secret").SucceedAsync());
        using OwnRegistry team = await OwnRegistry.StartAsync(home, home["team"], "--htpasswd", home["users"], "--token", "--token-ttl", "5s");
        using Running daemon = new Command("dockerd", "--data-root", home["dk"], "--exec-root", home["dk-exec"], "--pidfile", home["dk.pid"], "-H", $"unix://{home["d.sock"]}",
            "--iptables=false", "--bridge=none", "--storage-driver", "vfs", "--registry-mirror", $"http://{bed.Mirror.Host}").Start();
        await daemon.UntilAsync("API listen on");
        Command Docker(params string[] arguments) => new Command("/usr/bin/docker", arguments).With("DOCKER_HOST", $"unix://{home["d.sock"]}").With("DOCKER_CONFIG", home["docker"]);
        try
        {
            for (int time = 0; time < 2; time++)
            {
                await Docker("pull", "-q", "busybox").SucceedAsync();
                if (time == 0) await Docker("rmi", "-f", "busybox").SucceedAsync();
            }
            bed.AssertFetchedOnce();
            await Docker("tag", "busybox", $"{team.Host}/team/busybox:1").SucceedAsync();
            Assert.That((await Docker("push", $"{team.Host}/team/busybox:1").RunAsync()).ExitCode, Is.Not.Zero, "without a login");
            Assert.That((await Docker("login", "-u", "me", "-p", "wrong", team.Host).RunAsync()).ExitCode, Is.Not.Zero);
            await Docker("login", "-u", "me", "-p", "secret", team.Host).SucceedAsync();
            Assert.That(await File.ReadAllTextAsync(Path.Combine(home["docker"], "config.json")), Does.Contain("identitytoken"), "and no password");
            await Docker("push", $"{team.Host}/team/busybox:1").SucceedAsync();
            await Docker("rmi", "-f", $"{team.Host}/team/busybox:1").SucceedAsync();
            await Docker("pull", "-q", $"{team.Host}/team/busybox:1").SucceedAsync();
            // Ours reads the same file, with the token of docker in it.
            Assert.That(await home.Tool("ls", $"{team.Host}/team/busybox").SucceedAsync(), Does.Contain("1"));
        }
        finally
        {
            await daemon.SignalAsync("TERM");
            await daemon.EndAsync();
        }
    }

    [Test, Category("Long")]
    public async Task Containerd_pulls_through_the_mirror_that_hosts_toml_names()
    {
        Need.Root();
        Need.Program("ctr", "containerd");
        await using Bed bed = await Bed.MakeAsync("docker.io=http://");
        Home home = bed.Home;
        home.Write("docker.io/hosts.toml", $"server = \"https://registry-1.docker.io\"\n\n[host.\"http://{bed.Mirror.Host}\"]\n  capabilities = [\"pull\", \"resolve\"]\n", "certs.d");
        using Running daemon = new Command("containerd", "--root", home["cd"], "--state", home["cd-state"], "-a", home["cd.sock"]).Start();
        await daemon.UntilAsync("containerd successfully booted");
        Command Ctr(params string[] words) => new("ctr", ["-a", home["cd.sock"], .. words]);
        try
        {
            for (int time = 0; time < 2; time++)
            {
                await Ctr("images", "pull", "--hosts-dir", home["certs.d"], "--snapshotter", "native", Image).SucceedAsync();
                Assert.That(await Ctr("images", "ls", "-q").SucceedAsync(), Is.EqualTo(Image + "\n"));
                await Ctr("images", "rm", "--sync", Image).SucceedAsync();
            }
            bed.AssertFetchedOnce();
        }
        finally
        {
            await daemon.SignalAsync("TERM");
            await daemon.EndAsync();
        }
    }

    [Test]
    public async Task A_mirror_that_is_killed_in_the_middle_of_a_blob_goes_on_with_it_after_its_next_start()
    {
        await using Home home = await Home.MakeAsync();
        using OwnRegistry upstream = await OwnRegistry.StartAsync(home, home["upstream"]);
        byte[] bytes = RandomNumberGenerator.GetBytes(400_000_000);
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes)), path = $"/v2/team/app/blobs/{digest}";
        using HttpClient http = new();
        HttpResponseMessage pushed = await http.PostAsync($"http://{upstream.Host}/v2/team/app/blobs/uploads/?digest={digest}", new ByteArrayContent(bytes));
        Assert.That((int)pushed.StatusCode, Is.EqualTo(201));
        long half;
        using (OwnRegistry mirror = await OwnRegistry.StartAsync(home, home["mirror"], "--mirror-of", $"http://{upstream.Host}"))
        {
            Task<HttpResponseMessage> first = http.GetAsync($"http://{mirror.Host}{path}", HttpCompletionOption.ResponseHeadersRead);
            FileInfo[] Coming() => new DirectoryInfo(home["mirror/cache/uploads"]).GetFiles("fetch-*");
            await Wait.UntilAsync(() => first.IsFaulted || Coming().Any(file => file.Length > 1_000_000), "the fetch");
            await mirror.SignalAsync("KILL");
            await mirror.EndAsync();
            half = Coming().Select(file => file.Length).DefaultIfEmpty(-1).Max();
            await first.ContinueWith(_ => { }, TaskScheduler.Default); // broke off
        }
        Assert.That(half, Is.InRange(1_000_000, 399_000_000), "-1: it was whole before it was killed");
        using OwnRegistry second = await OwnRegistry.StartAsync(home, home["mirror"], "--mirror-of", $"http://{upstream.Host}");
        await using (Stream got = await http.GetStreamAsync($"http://{second.Host}{path}")) Assert.That("sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(got)), Is.EqualTo(digest));
        // The rest comes in one part or in several, as fast as the link is.
        string[] statuses = [.. upstream.Log.Split('\n').Where(line => line.Contains($"GET {path}", StringComparison.Ordinal)).Select(line => line.Split(' ')[5])];
        Assert.That(statuses, Has.Some.EqualTo("206").And.None.EqualTo("200"), upstream.Log);
    }

    /// <summary>A registry that plays Docker Hub, and the mirror before it.</summary>
    private sealed class Bed : IAsyncDisposable
    {
        private readonly OwnRegistry _hub;

        private Bed(Home home, OwnRegistry hub, OwnRegistry mirror) => (Home, _hub, Mirror) = (home, hub, mirror);

        public Home Home { get; }

        public OwnRegistry Mirror { get; }

        public static async Task<Bed> MakeAsync(string name = "http://")
        {
            Home home = await Home.MakeAsync();
            OwnRegistry hub = await OwnRegistry.StartAsync(home, home["hub"]);
            await new Command("skopeo", "copy", "-q", "--dest-tls-verify=false", $"oci:{Bench.Busybox}:latest", $"docker://{hub.Host}/library/busybox:latest").SucceedAsync();
            return new(home, hub, await OwnRegistry.StartAsync(home, home["mirror"], "--mirror-of", name + hub.Host));
        }

        /// <summary>The config and the layer came from the hub, once each, whoever asked.</summary>
        public void AssertFetchedOnce() => Assert.That(_hub.Log.Split('\n').Where(line => line.Contains(" GET /v2/library/busybox/blobs/", StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(2), _hub.Log);

        public async ValueTask DisposeAsync()
        {
            Mirror.Dispose();
            _hub.Dispose();
            await Home.DisposeAsync();
        }
    }
}
