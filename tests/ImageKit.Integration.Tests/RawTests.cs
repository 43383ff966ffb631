using System.Security.Cryptography;
using System.Text.Json;
using ImageKit.Integration.Tests.Machine;

namespace ImageKit.Integration.Tests;

/// <summary>Single documents and blobs, differences, validity, layouts and files, held against what skopeo, umoci and tar say.</summary>
internal sealed class RawTests
{
    private const string Dockerfile = "FROM base\nCOPY file /srv/file\nENV MODE=a\n";

    [Test]
    public async Task Documents_and_blobs_are_those_that_skopeo_sees()
    {
        Need.Program("skopeo");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = await PushAsync(home, registry);
        string manifest = await home.Tool("manifest", "get", name).SucceedAsync();
        Assert.That(manifest, Is.EqualTo(await new Command("skopeo", "inspect", "--tls-verify=false", "--raw", $"docker://{name}").SucceedAsync()));
        Assert.That(await home.Tool("config", name, "--pull").SucceedAsync(), Is.EqualTo(await new Command("skopeo", "inspect", "--tls-verify=false", "--config", "--raw", $"docker://{name}").SucceedAsync()));
        string layer = JsonDocument.Parse(manifest).RootElement.GetProperty("layers")[0].GetProperty("digest").GetString()!;
        await home.Tool("blob", "get", $"{registry.Host}/app@{layer}", "-o", home["layer"]).SucceedAsync();
        Assert.That("sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(home["layer"]))), Is.EqualTo(layer));
        Assert.That(await home.Tool("blob", "head", $"{registry.Host}/app@{layer}").SucceedAsync(), Does.Contain($"\"size\": {new FileInfo(home["layer"]).Length}"));

        await home.Tool("manifest", "get", "--pull", name, "-o", home["manifest"]).SucceedAsync();
        await home.Tool("manifest", "put", $"{registry.Host}/app:again", home["manifest"]).SucceedAsync();
        Assert.That(await new Command("skopeo", "list-tags", "--tls-verify=false", $"docker://{registry.Host}/app").SucceedAsync(), Does.Contain("\"again\""));
        await File.WriteAllTextAsync(home["data"], "some data\n");
        string stored = JsonDocument.Parse(await home.Tool("blob", "put", $"{registry.Host}/other", home["data"]).SucceedAsync()).RootElement.GetProperty("digest").GetString()!;
        Assert.That(await home.Tool("blob", "get", $"{registry.Host}/other@{stored}").SucceedAsync(), Is.EqualTo("some data\n"));
        await home.Tool("blob", "delete", $"{registry.Host}/other@{stored}").SucceedAsync();
        Assert.That((await home.Tool("blob", "get", $"{registry.Host}/other@{stored}", "-o", home["gone"]).RunAsync()).Error, Does.Contain("IK4034"));
        Assert.That(File.Exists(home["gone"]), Is.False);
        await home.Tool("manifest", "delete", $"{registry.Host}/app:again").SucceedAsync();
        Assert.That((await home.Tool("manifest", "head", name).RunAsync()).ExitCode, Is.EqualTo(1), "the digest went, and with it both tags");
    }

    [TestCase("{ \"schemaVersion\": 2 }", "does not say what it is")]
    [TestCase("not JSON", "not JSON")]
    [TestCase("{ \"mediaType\": \"application/vnd.oci.image.manifest.v1+json\", \"schemaVersion\": 2, \"config\": {}, \"layers\": [], \"manifests\": [] }", "IK1105")]
    [TestCase("{ \"mediaType\": \"text/plain\" }", "neither a manifest nor an index")]
    public async Task What_is_no_manifest_reaches_no_registry(string text, string expected)
    {
        await using Home home = await Home.MakeAsync();
        await File.WriteAllTextAsync(home["manifest"], text);
        Assert.That((await home.Tool("manifest", "put", "127.0.0.1:1/app:1", home["manifest"]).RunAsync()).Error, Does.Contain(expected).Or.Contain("IK1005"));
    }

    [Test]
    public async Task A_damaged_image_is_found_in_the_registry_and_in_a_layout()
    {
        Need.Program("skopeo");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = await PushAsync(home, registry);
        Assert.That(await home.Tool("validate", "--pull", name).SucceedAsync(), Does.StartWith("valid: 2 documents and 2 blobs read"));
        await new Command("skopeo", "copy", "-q", "--src-tls-verify=false", $"docker://{name}", $"oci:{home["out"]}:1").SucceedAsync();
        Assert.That(await home.Tool("layout", "validate", home["out"]).SucceedAsync(), Does.StartWith("valid"));
        string layer = JsonDocument.Parse(await home.Tool("manifest", "get", name).SucceedAsync()).RootElement.GetProperty("layers")[1].GetProperty("digest").GetString()![7..];
        foreach (string file in Directory.EnumerateFiles(registry.Folder, "data", SearchOption.AllDirectories).Where(file => file.Contains(layer, StringComparison.Ordinal) && file.Contains("/blobs/", StringComparison.Ordinal)).Append(home[$"out/blobs/sha256/{layer}"]))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        Result remote = await home.Tool("validate", "--pull", name).RunAsync(), local = await home.Tool("layout", "validate", "--format", "json", home["out"]).RunAsync();
        Assert.That(remote.ExitCode, Is.EqualTo(1));
        Assert.That(remote.Output, Does.Contain("IK1103").And.Contain("layer 1").And.Contain("1 fault in"));
        Assert.That(local.ExitCode, Is.EqualTo(1));
        Assert.That(JsonDocument.Parse(local.Output).RootElement.GetProperty("faults")[0].GetProperty("code").GetString(), Is.EqualTo("IK1103"));
        Assert.That(await home.Tool("validate", "--fast", "--pull", name).SucceedAsync(), Does.Contain("found"), "it is there, only not read");
    }

    [Test]
    public async Task Differences_are_told_of_images_in_a_registry_and_in_the_store()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = await PushAsync(home, registry);
        home.Write("file", "changed\n");
        home.Write("Dockerfile", Dockerfile.Replace("MODE=a", "MODE=b", StringComparison.Ordinal));
        await home.Build("-t", "two").SucceedAsync();
        string text = await home.Tool("diff", name, "two").SucceedAsync();
        Assert.That(text, Does.Contain("- config.Env.MODE = a").And.Contain("+ config.Env.MODE = b").And.Contain("layers (1 in common)").And.Contain("~ /srv/file  (content, 17 → 8 bytes"));
        Assert.That(text.Split('\n').Count(line => line.StartsWith("  ~ /", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That((await home.Tool("diff", "--exit-code", "two", "two").RunAsync()).Output, Is.EqualTo("no difference\n"));
        Result json = await home.Tool("diff", "--exit-code", "--format", "json", name, "two").RunAsync();
        Assert.That(json.ExitCode, Is.EqualTo(1));
        Assert.That(JsonDocument.Parse(json.Output).RootElement.GetProperty("files")[0].GetProperty("path").GetString(), Is.EqualTo("/srv/file"));
    }

    [Test]
    public async Task Exported_files_are_those_that_umoci_unpacks()
    {
        Need.Root();
        Need.Program("umoci");
        await using Home home = await Home.MakeAsync();
        home.Write("file", "from the context\n");
        BuiltImage image = await home.BuildLayoutAsync(Dockerfile + "RUN rm /bin/cat && ln -s sh /bin/other && mkdir -m 700 /private\n");
        await new Command("umoci", "unpack", "--image", $"{image.Layout}:latest", home["bundle"]).SucceedAsync();
        await home.Tool("export", $"oci-layout://{image.Layout}", "-o", home["files.tar"]).SucceedAsync();
        await home.Tool("export", $"oci-layout://{image.Layout}", "-o", home["files"] + "/").SucceedAsync();
        Directory.CreateDirectory(home["untarred"]);
        await new Command("tar", "-xpf", home["files.tar"], "-C", home["untarred"]).SucceedAsync();
        string expected = await ListAsync(home["bundle/rootfs"]);
        Assert.That(await ListAsync(home["untarred"]), Is.EqualTo(expected));
        Assert.That(await ListAsync(home["files"]), Is.EqualTo(expected));
        Assert.That(expected, Does.Contain("./private").And.Contain("./bin/other").And.Not.Contain("./bin/cat\n"));
    }

    [Test]
    public async Task What_nothing_names_in_a_layout_goes_and_skopeo_reads_the_rest()
    {
        Need.Program("skopeo");
        await using Home home = await Home.MakeAsync();
        await new Command("skopeo", "copy", "-q", $"oci:{Bench.Busybox}:latest", $"oci:{home["out"]}:kept").SucceedAsync();
        byte[] stray = RandomNumberGenerator.GetBytes(1000);
        string file = home[$"out/blobs/sha256/{Convert.ToHexStringLower(SHA256.HashData(stray))}"];
        File.WriteAllBytes(file, stray);
        Assert.That(await home.Tool("layout", "gc", home["out"]).SucceedAsync(), Does.Contain("0 blobs").And.Contain("1 stay"));
        Assert.That(await home.Tool("layout", "gc", "--age", "0s", "--dry-run", home["out"]).SucceedAsync(), Does.Contain("1 blobs, 1kB, would be freed"));
        Assert.That(File.Exists(file), Is.True);
        await home.Tool("layout", "gc", "--age", "0s", home["out"]).SucceedAsync();
        Assert.That(File.Exists(file), Is.False);
        await new Command("skopeo", "copy", "-q", $"oci:{home["out"]}:kept", $"dir:{home["copied"]}").SucceedAsync();
        Assert.That(await home.Tool("layout", "ls", home["out"]).SucceedAsync(), Does.Contain("kept").And.Contain("manifest"));
    }

    [Test]
    public async Task Images_go_from_a_registry_to_a_layout_and_back_as_skopeo_would_copy_them()
    {
        Need.Program("skopeo");
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = await PushAsync(home, registry);
        string digest = (await home.Tool("copy", name, $"oci-layout://{home["out"]}:one").SucceedAsync()).Trim();
        Assert.That(await new Command("skopeo", "inspect", "--format", "{{.Digest}}", $"oci:{home["out"]}:one").SucceedAsync(), Is.EqualTo(digest + "\n"));
        await home.Tool("copy", $"oci-layout://{home["out"]}", $"oci-layout://{home["again"]}").SucceedAsync();
        await home.Tool("copy", $"oci-layout://{home["again"]}", $"{registry.Host}/other:2").SucceedAsync();
        Assert.That(await new Command("skopeo", "inspect", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{registry.Host}/other:2").SucceedAsync(), Is.EqualTo(digest + "\n"));
        Assert.That((await home.Tool("copy", "--referrers", name, $"oci-layout://{home["out"]}").RunAsync()).Error, Does.Contain("IK4062"));
        Assert.That((await home.Tool("copy", $"oci-layout://{home["out"]}:two", $"{registry.Host}/other:3").RunAsync()).Error, Does.Contain("IK4034").And.Contain("layout ls"));
    }

    [Test]
    public async Task Errors_of_every_command_are_JSON_where_the_environment_says_so()
    {
        await using Home home = await Home.MakeAsync();
        foreach (string[] words in new[] { new[] { "ls", "127.0.0.1:1/app" }, ["digest", "127.0.0.1:1/app"], ["manifest", "head", "127.0.0.1:1/app"], ["inspect", "nothing"], ["ls", "A B"] })
        {
            Result result = await home.Tool(words).With("IMAGEKIT_ERRORS", "json").RunAsync();
            Assert.That(JsonDocument.Parse(result.Error.Trim().Split('\n')[^1]).RootElement.GetProperty("code").GetString(), Does.StartWith("IK"), string.Join(' ', words));
        }
    }

    [Test]
    public async Task A_pull_by_digest_prints_the_digest_once()
    {
        using RegistryServer registry = await RegistryServer.StartAsync("plain");
        await using Home home = await Home.MakeAsync();
        string name = await PushAsync(home, registry);
        string digest = (await home.Tool("digest", name).SucceedAsync()).Trim();
        foreach (string asked in new[] { name, $"{registry.Host}/app@{digest}", $"{name}@{digest}" })
            Assert.That(await home.Tool("pull", "-q", asked).SucceedAsync(), Is.EqualTo($"{registry.Host}/app@{digest}\n"));
    }

    private static async Task<string> PushAsync(Home home, RegistryServer registry)
    {
        home.Write("file", "from the context\n");
        home.Write("Dockerfile", Dockerfile);
        string name = $"{registry.Host}/app:1";
        await home.Build("-t", name, "--push").SucceedAsync();
        return name;
    }

    private static Task<string> ListAsync(string folder) => new Command("sh", "-c", "cd \"$1\" && find . -mindepth 1 -printf '%p %y %m %U:%G %l\\n' | sort", "-", folder).SucceedAsync();
}
