using System.Text.Json.Nodes;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Other makers' tools take what we write, and we take what they write.</summary>
internal sealed class JudgeTests
{
    private const string Dockerfile = "FROM base\nCOPY file /srv/file\nRUN echo made > /made && chown 1000:1000 /made && rm /etc/group\nENV A=b\nCMD [\"cat\", \"/srv/file\", \"/made\"]\n";

    [Test]
    public async Task Skopeo_reads_and_copies_the_layout()
    {
        Need.Program("skopeo");
        await using Home home = await Home.MakeAsync();
        BuiltImage image = await BuildAsync(home);
        string inspected = await new Command("skopeo", "inspect", $"oci:{image.Name}").SucceedAsync();
        Assert.That(inspected, Does.Contain(image.Digest).And.Contains("\"Architecture\""));
        await new Command("skopeo", "copy", "-q", "--preserve-digests", $"oci:{image.Name}", $"dir:{home["dir"]}").SucceedAsync();
        await new Command("skopeo", "copy", "-q", $"oci:{image.Name}", $"docker-archive:{home["d.tar"]}:app:1").SucceedAsync();
    }

    [TestCase("runc")]
    [TestCase("crun")]
    public async Task Umoci_unpacks_the_layout_and_a_runtime_runs_the_bundle(string runtime)
    {
        Need.Root();
        Need.Program("umoci");
        Need.Program(runtime);
        await using Home home = await Home.MakeAsync();
        BuiltImage image = await BuildAsync(home, "-t", "app:1");
        await new Command("umoci", "unpack", "--image", $"{image.Layout}:{image.Tag ?? "latest"}", home["bundle"]).SucceedAsync();
        JsonNode config = JsonNode.Parse(await File.ReadAllTextAsync(home["bundle/config.json"]))!;
        config["process"]!["terminal"] = false;
        await File.WriteAllTextAsync(home["bundle/config.json"], config.ToJsonString());
        string name = $"it-{Guid.NewGuid():n}";
        Command run = runtime == "runc"
            ? new Command("runc", "--root", home["runc"], "run", "-b", home["bundle"], name)
            : new Command("unshare", "-m", "sh", "-c", "umount /sys/fs/cgroup/unified 2> /dev/null; exec crun --root \"$0\" --cgroup-manager=disabled run -b \"$1\" \"$2\"", home["crun"], home["bundle"], name);
        Assert.That(await run.SucceedAsync(), Is.EqualTo("from the context\nmade\n"));
        Assert.That(File.Exists(home["bundle/rootfs/etc/group"]), Is.False);
    }

    [Test]
    public async Task Buildah_builds_from_the_layout()
    {
        Need.Root();
        Need.Program("buildah");
        await using Home home = await Home.MakeAsync();
        BuiltImage image = await BuildAsync(home);
        string container = (await Buildah(home, "from", $"oci:{image.Name}").SucceedAsync()).Trim();
        Assert.That(await Buildah(home, "run", "--isolation", "chroot", container, "cat", "/srv/file", "/made").SucceedAsync(), Is.EqualTo("from the context\nmade\n"));
        await Buildah(home, "rm", container).SucceedAsync();
    }

    [Test]
    public async Task A_base_that_buildah_made_is_a_base()
    {
        Need.Root();
        Need.Program("buildah");
        await using Home home = await Home.MakeAsync();
        string container = (await Buildah(home, "from", $"oci:{Bench.Busybox}:latest").SucceedAsync()).Trim();
        await Buildah(home, "config", "--env", "MAKER=buildah", container).SucceedAsync();
        await Buildah(home, "copy", "-q", container, home.Write("file", "by buildah\n"), "/by").SucceedAsync();
        await Buildah(home, "commit", "-q", container, $"oci:{home["theirs"]}:1").SucceedAsync();
        await ExpectBaseAsync(home, "by buildah\n", "MAKER=buildah");
    }

    [Test]
    public async Task A_base_that_umoci_made_is_a_base()
    {
        Need.Root();
        Need.Program("umoci");
        await using Home home = await Home.MakeAsync();
        await new Command("cp", "-a", Bench.Busybox, home["theirs"]).SucceedAsync();
        string image = $"{home["theirs"]}:1";
        await new Command("umoci", "tag", "--image", $"{home["theirs"]}:latest", "1").SucceedAsync();
        await new Command("umoci", "insert", "--image", image, home.Write("file", "by umoci\n"), "/by").SucceedAsync();
        await new Command("umoci", "config", "--image", image, "--config.env", "MAKER=umoci").SucceedAsync();
        await ExpectBaseAsync(home, "by umoci\n", "MAKER=umoci");
    }

    [Test]
    public async Task A_saved_archive_is_a_docker_archive_and_an_OCI_archive_with_the_right_name()
    {
        Need.Program("skopeo");
        await using Home home = await Home.MakeAsync();
        await BuildAsync(home, "-t", "example.com/team/app:1");
        await home.Tool("save", "-o", home["app.tar"], "example.com/team/app:1").SucceedAsync();
        string listed = await new Command("tar", "-xOf", home["app.tar"], "manifest.json").SucceedAsync();
        string index = await new Command("tar", "-xOf", home["app.tar"], "index.json").SucceedAsync();
        Assert.That(listed, Does.Contain("\"example.com/team/app:1\""));
        Assert.That(index, Does.Contain("io.containerd.image.name").And.Contains("org.opencontainers.image.ref.name"));
        await new Command("skopeo", "inspect", $"docker-archive:{home["app.tar"]}").SucceedAsync();
        await new Command("skopeo", "inspect", $"oci-archive:{home["app.tar"]}").SucceedAsync();
    }

    [Test]
    public async Task An_archive_of_skopeo_and_one_of_our_own_are_loaded()
    {
        Need.Program("skopeo");
        await using Home home = await Home.MakeAsync();
        BuiltImage image = await BuildAsync(home, "-t", "app:1");
        await home.Tool("save", "-o", home["ours.tar"], "app:1").SucceedAsync();
        await new Command("skopeo", "copy", "-q", $"oci:{image.Name}", $"docker-archive:{home["theirs.tar"]}:theirs:1").SucceedAsync();
        await home.Tool("rmi", "app:1").SucceedAsync();
        await home.Tool("load", "-i", home["ours.tar"]).SucceedAsync();
        await home.Tool("load", "-i", home["theirs.tar"]).SucceedAsync();
        Assert.That(await home.Tool("images").SucceedAsync(), Does.Match(@"app\s+1\b").And.Match(@"theirs\s+1\b"));
    }

    [Test, Category("Long")]
    public async Task Dockerd_loads_and_runs_a_saved_archive()
    {
        Need.Root();
        Need.Program("dockerd", "docker.io");
        await using Home home = await Home.MakeAsync();
        await BuildAsync(home, "-t", "team/app:1");
        await home.Tool("save", "-o", home["app.tar"], "team/app:1").SucceedAsync();
        using Running daemon = new Command("dockerd", "--data-root", home["dk"], "--exec-root", home["dk-exec"], "--pidfile", home["dk.pid"], "-H", $"unix://{home["d.sock"]}",
            "--iptables=false", "--bridge=none", "--storage-driver", "overlay2").Start();
        await daemon.UntilAsync("API listen on");
        Command Docker(params string[] arguments) => new Command("/usr/bin/docker", arguments).With("DOCKER_HOST", $"unix://{home["d.sock"]}").With("DOCKER_CONFIG", home["docker"]);
        try
        {
            Assert.That(await Docker("load", "-i", home["app.tar"]).SucceedAsync(), Does.Contain("team/app:1"));
            Assert.That(await Docker("run", "--rm", "--network", "none", "team/app:1").SucceedAsync(), Is.EqualTo("from the context\nmade\n"));
        }
        finally
        {
            await daemon.SignalAsync("TERM");
            await daemon.EndAsync();
            await UnmountAsync(home);
        }
    }

    [Test, Category("Long")]
    public async Task Podman_loads_a_saved_archive_under_its_name()
    {
        Need.Root();
        Need.Program("podman");
        await using Home home = await Home.MakeAsync();
        await BuildAsync(home, "-t", "example.com/team/app:1");
        await home.Tool("save", "-o", home["app.tar"], "example.com/team/app:1").SucceedAsync();
        string run = Directory.CreateTempSubdirectory("ikpod").FullName; // podman wants it short
        Command Podman(params string[] words) => new("podman", ["--root", home["pod"], "--runroot", run, "--storage-driver", "vfs", .. words]);
        await Podman("load", "-q", "-i", home["app.tar"]).SucceedAsync();
        Assert.That(await Podman("images", "--format", "{{.Repository}}:{{.Tag}}").SucceedAsync(), Is.EqualTo("example.com/team/app:1\n"));
        await UnmountAsync(home);
        Directory.Delete(run, recursive: true);
    }

    [Test, Category("Long")]
    public async Task Containerd_imports_and_runs_a_saved_archive_under_its_name()
    {
        Need.Root();
        Need.Program("ctr", "containerd");
        await using Home home = await Home.MakeAsync();
        await BuildAsync(home, "-t", "example.com/team/app:1");
        await home.Tool("save", "-o", home["app.tar"], "example.com/team/app:1").SucceedAsync();
        using Running daemon = new Command("containerd", "--root", home["cd"], "--state", home["cd-state"], "-a", home["cd.sock"]).Start();
        await daemon.UntilAsync("containerd successfully booted");
        Command Ctr(params string[] words) => new("ctr", ["-a", home["cd.sock"], .. words]);
        try
        {
            await Ctr("images", "import", home["app.tar"]).SucceedAsync();
            Assert.That(await Ctr("images", "ls", "-q").SucceedAsync(), Is.EqualTo("example.com/team/app:1\n"));
            Assert.That(await Ctr("run", "--rm", "--runc-binary", "runc", "example.com/team/app:1", Path.GetFileName(home.Folder)).SucceedAsync(), Is.EqualTo("from the context\nmade\n"));
        }
        finally
        {
            await daemon.SignalAsync("TERM");
            await daemon.EndAsync();
            await UnmountAsync(home);
        }
    }

    private static Task UnmountAsync(Home home) => new Command("sh", "-c", "grep -o \" $0[^ ]*\" /proc/self/mountinfo | sort -r | xargs -r umount", home.Folder).RunAsync();

    private static async Task<BuiltImage> BuildAsync(Home home, params IReadOnlyList<string> arguments)
    {
        home.Write("file", "from the context\n");
        return await home.BuildLayoutAsync(Dockerfile, arguments);
    }

    private static async Task ExpectBaseAsync(Home home, string text, string variable)
    {
        BuiltImage image = await home.BuildLayoutAsync("FROM theirs\nRUN cat /by > /copy && rm /by\n", "--build-context", $"theirs=oci-layout://{home["theirs"]}:1");
        Assert.That(image.Read("copy"), Is.EqualTo(text));
        Assert.That(image.Config.GetProperty("config").GetProperty("Env").ToString(), Does.Contain(variable));
    }

    private static Command Buildah(Home home, params IReadOnlyList<string> arguments) =>
        new Command("buildah", ["--root", home["buildah"], "--runroot", home["buildah-run"], "--storage-driver", "vfs", .. arguments]);
}
