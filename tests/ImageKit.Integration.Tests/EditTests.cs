using System.Text.Json;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Images changed without a build, judged by other makers' tools.</summary>
internal sealed class EditTests
{
    private const string Dockerfile = "FROM base\nCOPY file /srv/file\nCOPY file /srv/other\nLABEL a=b\n";

    [Test]
    public async Task Skopeo_and_umoci_read_what_mutate_append_and_convert_made()
    {
        Need.Root();
        Need.Program("skopeo");
        Need.Program("umoci");
        await using Home home = await Home.MakeAsync();
        BuiltImage image = await BuildAsync(home, "-t", "app");
        await new Command("tar", "-czf", home["l.tar.gz"], "-C", home["context"], "file").SucceedAsync();
        await home.Tool("append", "app", home["l.tar.gz"], "-t", "app:2").SucceedAsync();
        await home.Tool("mutate", "app:2", "-e", "MODE=prod", "--user", "0", "--strip", "srv/other", "-t", "app:3").SucceedAsync();
        await home.Tool("convert", "app:3", "--layers", "zstd", "-o", $"type=oci,dest={home["zstd"]},tar=false").SucceedAsync();
        JsonElement config = JsonDocument.Parse(await new Command("skopeo", "inspect", "--config", $"oci:{home["zstd"]}:latest").SucceedAsync()).RootElement;
        Assert.That(config.GetProperty("config").GetProperty("Env").ToString(), Does.Contain("MODE=prod"));
        Assert.That(await new Command("skopeo", "inspect", "--raw", $"oci:{home["zstd"]}:latest").SucceedAsync(), Does.Contain("tar+zstd").And.Not.Contain("tar+gzip"));
        await home.Tool("mutate", "app:3", "--label", "x=y", "-o", $"type=oci,dest={home["out"]},tar=false").SucceedAsync();
        await new Command("umoci", "unpack", "--image", $"{home["out"]}:latest", home["bundle"]).SucceedAsync();
        Assert.That(File.ReadAllText(home["bundle/rootfs/file"]), Is.EqualTo("from the context\n"));
        Assert.That(File.Exists(home["bundle/rootfs/srv/file"]), Is.True);
        Assert.That(File.Exists(home["bundle/rootfs/srv/other"]), Is.False);
        Assert.That(new BuiltImage(home["out"]).Layers[0], Is.EqualTo(image.Layers[0]), "the base's layer stays the blob that it was");
    }

    [Test]
    public async Task A_registry_takes_a_Docker_image_an_index_and_a_rebased_image_without_moving_layers()
    {
        Need.Program("skopeo");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = $"{registry.Host}/app";
        await BuildAsync(home, "-t", $"{name}:1", "--push");
        await home.Tool("convert", $"{name}:1", "--types", "docker", "--pull", "-t", $"{name}:docker", "--push").SucceedAsync();
        Assert.That(await RawAsync($"{name}:docker"), Does.Contain("vnd.docker.distribution.manifest.v2+json").And.Contain("rootfs.diff.tar.gzip").And.Not.Contain("vnd.oci"));
        await home.Tool("mutate", $"{name}:1", "--set-platform", "linux/arm64", "-t", $"{name}:arm", "--push").SucceedAsync();
        int uploads = registry.Uploads;
        await home.Tool("index", "create", $"{name}:1", $"{name}:arm", "--pull", "-t", $"{name}:all", "--push").SucceedAsync();
        await home.Tool("annotate", $"{name}:all", "index:team=shop", "manifest-descriptor[linux/arm64]:made=here", "--pull", "-t", $"{name}:all", "--push").SucceedAsync();
        JsonElement index = JsonDocument.Parse(await RawAsync($"{name}:all")).RootElement;
        Assert.That(index.GetProperty("annotations").GetProperty("team").GetString(), Is.EqualTo("shop"));
        Assert.That(index.GetProperty("manifests").EnumerateArray().Select(entry => entry.GetProperty("platform").GetProperty("architecture").GetString()), Is.EquivalentTo(new[] { "amd64", "arm64" }));
        Assert.That(registry.Uploads, Is.EqualTo(uploads), "an index is made of manifests");
        await new Command("skopeo", "copy", "-q", "--all", "--src-tls-verify=false", $"docker://{name}:all", $"dir:{home["copied"]}").SucceedAsync();
    }

    [Test]
    public async Task Rebase_puts_the_same_layers_on_a_newer_base_and_says_why_it_cannot()
    {
        await using Home home = await Home.MakeAsync();
        home.Write("file", "from the context\n");
        home.Write("Dockerfile", "FROM base\nRUN echo 1 > /version\nENV VERSION=1\n");
        await home.Build("-t", "mine:1").SucceedAsync();
        home.Write("Dockerfile", "FROM base\nRUN echo 2 > /version\nENV VERSION=2\n");
        await home.Build("-t", "mine:2").SucceedAsync();
        home.Write("Dockerfile", "FROM mine:1\nCOPY file /file\n");
        await home.Build("-t", "app").SucceedAsync();
        Result refused = await home.Tool("rebase", "app", "--old-base", "mine:2", "--onto", "mine:1", "-t", "no").RunAsync();
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.All);
        Assert.That(refused.Error, Does.Contain("IK1014").And.Contain("digest"));
        await home.Tool("rebase", "app", "--old-base", "mine:1", "--onto", "mine:2", "-t", "app").SucceedAsync();
        Assert.That(await home.Tool("run", "--rm", "--network", "none", "app", "sh", "-c", "cat /version /file; echo $VERSION").SucceedAsync(), Is.EqualTo("2\nfrom the context\n2\n"));
    }

    [Test]
    public async Task Umoci_sees_the_same_files_in_a_squashed_and_a_flattened_image()
    {
        Need.Root();
        Need.Program("umoci");
        await using Home home = await Home.MakeAsync();
        home.Write("file", "from the context\n");
        home.Write("Dockerfile", "FROM base\nRUN mkdir /d && echo 1 > /d/one && echo 2 > /d/two && ln /d/one /d/hard && rm /etc/group\n"
            + "RUN rm -r /d && mkdir /d && echo 3 > /d/three && ln -s three /d/link\nRUN rm -r /home; chmod 700 /srv 2> /dev/null; echo end > /end\n");
        await home.Build("-t", "app").SucceedAsync();
        string expected = await FilesAsync(home, "app", "mutate", "--label", "a=b");
        Assert.That(await FilesAsync(home, "app", "squash", "--last", "3"), Is.EqualTo(expected));
        Assert.That(await FilesAsync(home, "app", "flatten"), Is.EqualTo(expected));
        await home.Tool("flatten", "app", "-o", $"type=tar,dest={home["files.tar"]}").SucceedAsync();
        Assert.That(await new Command("tar", "-tf", home["files.tar"]).SucceedAsync(), Does.Contain("d/three").And.Not.Contain("etc/group\n"));
    }

    [Test]
    public async Task An_eStargz_image_unpacks_as_any_other_and_one_file_of_it_is_fetched_from_a_registry()
    {
        Need.Root();
        Need.Program("umoci");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync(), other = await Home.MakeAsync();
        await BuildAsync(home, "-t", "app");
        await home.Tool("convert", "app", "--layers", "estargz", "-t", $"{registry.Host}/app:lazy", "--push").SucceedAsync();
        await home.Tool("convert", "app", "--layers", "estargz", "-o", $"type=oci,dest={home["lazy"]},tar=false").SucceedAsync();
        await new Command("umoci", "unpack", "--image", $"{home["lazy"]}:latest", home["bundle"]).SucceedAsync();
        Assert.That(File.ReadAllText(home["bundle/rootfs/srv/file"]), Is.EqualTo("from the context\n"));
        Assert.That(await other.Tool("get-file", $"{registry.Host}/app:lazy", "/srv/file").SucceedAsync(), Is.EqualTo("from the context\n"));
        Assert.That(registry.Log.Split('\n').Count(line => line.Contains("GET /v2/app/blobs/", StringComparison.Ordinal) && line.Contains(" 206 ", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(3), registry.Log);
        Result missing = await other.Tool("get-file", $"{registry.Host}/app:lazy", "/no/such").RunAsync();
        Assert.That((missing.ExitCode, missing.Error.Contains("IK1019", StringComparison.Ordinal)), Is.EqualTo((1, true)), missing.All);
    }

    [Test]
    public async Task A_zstd_chunked_image_is_read_by_zstd_and_skopeo_and_theirs_by_us()
    {
        Need.Program("zstd");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync(), other = await Home.MakeAsync();
        await BuildAsync(home, "-t", "app");
        await home.Tool("convert", "app", "--compression", "zstd:chunked", "--level", "9", "-t", $"{registry.Host}/app:lazy", "--push").SucceedAsync();
        Assert.That(await other.Tool("get-file", $"{registry.Host}/app:lazy", "/srv/file").SucceedAsync(), Is.EqualTo("from the context\n"));
        string[] asked = [.. registry.Log.Split('\n').Where(line => line.Contains("GET /v2/app/blobs/", StringComparison.Ordinal))];
        Assert.That(asked.Count(line => line.Contains(" 206 ", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(2), registry.Log);

        await new Command("skopeo", "copy", "--src-tls-verify=false", $"docker://{registry.Host}/app:lazy", $"dir:{home["dir"]}").SucceedAsync();
        string layers = await new Command("sh", "-c", $"cd {home["dir"]} && for blob in $(jq -r '.layers[].digest' manifest.json); do zstd -q -t < ${{blob#sha256:}} && zstd -q -d < ${{blob#sha256:}} | tar -t; done").SucceedAsync();
        Assert.That(layers, Does.Contain("srv/file"));

        // Written by skopeo. Debian's cuts off what follows a tar's end, so only tars that end there keep their diffID.
        home.Write("Dockerfile", "FROM scratch\nCOPY file /srv/\n");
        await home.Build("-o", $"type=oci,dest={home["tars"]},tar=false").SucceedAsync();
        await new Command("skopeo", "copy", "--dest-tls-verify=false", "--dest-compress-format", "zstd:chunked", $"oci:{home["tars"]}:latest", $"docker://{registry.Host}/theirs:1").SucceedAsync();
        await using Home third = await Home.MakeAsync();
        Assert.That(await third.Tool("get-file", $"{registry.Host}/theirs:1", "/srv/file").SucceedAsync(), Is.EqualTo("from the context\n"));
        Assert.That(registry.Log.Split('\n').Count(line => line.Contains("GET /v2/theirs/blobs/", StringComparison.Ordinal) && line.Contains(" 206 ", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(2), registry.Log);
        third.Write("Dockerfile", $"FROM {registry.Host}/theirs:1\nCOPY file /again\n");
        third.Write("file", "x");
        await third.Build("-t", "again").SucceedAsync();
    }

    [Test]
    public async Task What_makes_no_sense_is_said_before_anything_is_done()
    {
        await using Home home = await Home.MakeAsync();
        foreach (string[] words in new string[][] { ["mutate", "app"], ["append", "app"], ["annotate", "app"], ["convert", "app"], ["mutate", "app", "--env", "A"], ["mutate", "app", "--user", "1", "--push"], ["index", "filter", "app"] })
        {
            Result result = await home.Tool(words).RunAsync();
            Assert.That((result.ExitCode, result.Error.Contains("IK6001", StringComparison.Ordinal)), Is.EqualTo((2, true)), $"{string.Join(' ', words)}\n{result.All}");
        }
    }

    private static async Task<BuiltImage> BuildAsync(Home home, params IReadOnlyList<string> arguments)
    {
        home.Write("file", "from the context\n");
        return await home.BuildLayoutAsync(Dockerfile, arguments);
    }

    private static async Task<string> FilesAsync(Home home, string image, string command, params string[] arguments)
    {
        string layout = home[$"layout-{command}"], bundle = home[$"bundle-{command}"];
        await home.Tool([command, image, .. arguments, "-o", $"type=oci,dest={layout},tar=false"]).SucceedAsync();
        await new Command("umoci", "unpack", "--image", $"{layout}:latest", bundle).SucceedAsync();
        return await new Command("sh", "-c", $"cd {bundle}/rootfs && find . -mindepth 1 -printf '%p %y %m %U %G %l %n\\n' | sort && find d end -type f -exec cat {{}} +").SucceedAsync();
    }

    private static async Task<string> RawAsync(string name) => await new Command("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{name}").SucceedAsync();
}
