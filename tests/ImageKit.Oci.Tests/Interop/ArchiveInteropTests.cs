using System.Diagnostics;
using System.Text.Json;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Interop;

/// <summary>Other makers' programs read what we write, and we read what they write.</summary>
public class ArchiveInteropTests
{
    private TemporaryFolder _folder = null!;
    private LayoutStore _store = null!;
    private Descriptor _root = null!;

    [SetUp]
    public async Task Begin()
    {
        Programs.Require("skopeo", "umoci", "buildah");
        _folder = new();
        _store = LayoutStore.Open(_folder["ours"]);
        _root = await PutRealImageAsync(_store);
        await _store.TagAsync("docker.io/library/ik-app:1", _root);
    }

    [TearDown]
    public void End()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Skopeo_reads_the_archive_as_both_kinds()
    {
        string path = await SaveAsync(ArchiveFormat.Docker);
        foreach (string name in new[] { $"oci-archive:{path}", $"oci-archive:{path}:1", $"docker-archive:{path}", $"docker-archive:{path}:ik-app:1" })
        {
            using JsonDocument seen = JsonDocument.Parse(await Programs.RunAsync("skopeo", "inspect", name));
            Assert.That(seen.RootElement.GetProperty("Env")[0].GetString(), Is.EqualTo("A=b"), name);
        }
        using JsonDocument oci = JsonDocument.Parse(await Programs.RunAsync("skopeo", "inspect", $"oci-archive:{path}"));
        Assert.That(oci.RootElement.GetProperty("Digest").GetString(), Is.EqualTo(_root.Digest.ToString()));
        await Programs.RunAsync("skopeo", "copy", "-q", $"docker-archive:{path}", $"dir:{_folder["dir"]}");
        await Programs.RunAsync("skopeo", "copy", "-q", $"oci-archive:{path}", $"dir:{_folder["dir2"]}");
    }

    [Test]
    public async Task Skopeo_and_umoci_read_the_store_as_it_is()
    {
        using JsonDocument seen = JsonDocument.Parse(await Programs.RunAsync("skopeo", "inspect", $"oci:{_folder["ours"]}:docker.io/library/ik-app:1"));
        Assert.That(seen.RootElement.GetProperty("Digest").GetString(), Is.EqualTo(_root.Digest.ToString()));
        await _store.TagByShortNameAsync(ImageReference.Parse("ik-app:2"), _root);
        Assert.That(await Programs.RunAsync("umoci", "list", "--layout", _folder["ours"]), Does.Contain("2\n"));
        Assert.That(await Programs.RunAsync("umoci", "stat", "--json", "--image", $"{_folder["ours"]}:2"), Does.Contain("history"));
        await Programs.RunAsync("skopeo", "inspect", $"oci:{_folder["ours"]}:2");
    }

    [TestCase("docker-archive", false)]
    [TestCase("docker-archive", true)]
    [TestCase("oci-archive", false)]
    [TestCase("oci-archive", true)]
    public async Task We_read_what_skopeo_writes(string kind, bool gzip)
    {
        string path = _folder["theirs.tar"];
        await Programs.RunAsync("skopeo", "copy", "-q", $"oci:{_folder["ours"]}:docker.io/library/ik-app:1", $"{kind}:{path}:ik-app:1");
        if (gzip)
        {
            await Programs.RunAsync("gzip", path);
            path += ".gz";
        }
        using ImageArchive archive = await ImageArchive.OpenAsync(path, _folder.Path);
        Descriptor? found = await archive.ResolveAsync("ik-app:1");
        Assert.That(found, Is.Not.Null);
        var image = new Image(archive, found!);
        Assert.That((await image.GetConfigAsync()).Config?.Env?[0], Is.EqualTo("A=b"));
        Assert.That((await image.GetLayersAsync()).Select(layer => layer.DiffId), Is.EqualTo((await new Image(_store, _root).GetLayersAsync()).Select(layer => layer.DiffId)));
        await ContentCopy.CopyAsync(archive, new MemoryStore(), found!);
    }

    [Test]
    public async Task We_read_and_change_a_layout_of_umoci()
    {
        string layout = _folder["umoci"];
        await Programs.RunAsync("umoci", "init", "--layout", layout);
        await Programs.RunAsync("umoci", "new", "--image", $"{layout}:latest");
        await Programs.RunAsync("umoci", "config", "--image", $"{layout}:latest", "--config.env", "A=b");
        using LayoutStore store = LayoutStore.OpenExisting(layout);
        Descriptor root = (await store.ResolveAsync("latest"))!;
        Assert.That((await new Image(store, root).GetConfigAsync()).Config?.Env?[0], Is.EqualTo("A=b"));
        await store.TagAsync("ours", root);
        Assert.That((await Programs.RunAsync("umoci", "list", "--layout", layout)).Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo(new[] { "latest", "ours" }));
        await Programs.RunAsync("umoci", "gc", "--layout", layout);
        Assert.That(await store.ContainsAsync(root), Is.True);
    }

    [Test]
    public async Task We_read_a_layout_of_buildah()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("buildah wants root here.");
        string layout = _folder["buildah"];
        string[] place = ["--root", _folder["bs"], "--runroot", _folder["br"], "--storage-driver", "vfs"];
        File.WriteAllText(_folder["hello"], "hello");
        string container = (await Programs.RunAsync("buildah", [.. place, "from", "scratch"])).Trim();
        await Programs.RunAsync("buildah", [.. place, "copy", "-q", container, _folder["hello"], "/hello"]);
        await Programs.RunAsync("buildah", [.. place, "config", "--env", "A=b", container]);
        await Programs.RunAsync("buildah", [.. place, "commit", "-q", container, $"oci:{layout}:latest"]);
        await Programs.RunAsync("buildah", [.. place, "rm", container]);
        using LayoutStore store = LayoutStore.OpenExisting(layout);
        var image = new Image(store, (await store.ResolveAsync("latest"))!);
        Assert.That((await image.GetConfigAsync()).Config?.Env, Does.Contain("A=b"));
        Assert.That(await image.GetLayersAsync(), Has.Length.EqualTo(1));
        await ContentCopy.CopyAsync(store, new MemoryStore(), image.Descriptor);
    }

    [Test]
    public async Task Docker_loads_the_archive_under_its_name_and_we_read_what_it_saves()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("dockerd wants root.");
        Programs.Require("dockerd", "docker");
        string path = await SaveAsync(ArchiveFormat.Docker);
        string socket = $"unix://{_folder["d.sock"]}";
        using Process engine = Process.Start(new ProcessStartInfo("/usr/sbin/dockerd", ["--data-root", _folder["data"], "--exec-root", _folder["exec"], "--pidfile", _folder["pid"],
            "-H", socket, "--iptables=false", "--bridge=none", "--storage-driver", "vfs"])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        engine.BeginErrorReadLine();
        engine.BeginOutputReadLine();
        try
        {
            for (int i = 0; i < 300 && !File.Exists(_folder["d.sock"]); i++) await Task.Delay(100);
            (string, string)[] environment = [("DOCKER_HOST", socket)];
            Assert.That(await Programs.RunAsync(environment, "docker", "load", "-i", path), Does.Contain("Loaded image: ik-app:1"));
            ImageManifest manifest = (await Documents.ReadManifestAsync(_store, _root)).Value;
            Assert.That((await Programs.RunAsync(environment, "docker", "inspect", "-f", "{{.Id}}", "ik-app:1")).Trim(), Is.EqualTo(manifest.Config.Digest.ToString()));
            await Programs.RunAsync(environment, "docker", "save", "-o", _folder["saved.tar"], "ik-app:1");
        }
        finally
        {
            await Programs.RunAsync("kill", engine.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await engine.WaitForExitAsync();
        }
        using ImageArchive saved = await ImageArchive.OpenAsync(_folder["saved.tar"]);
        var image = new Image(saved, (await saved.ResolveAsync("ik-app:1"))!);
        Assert.That((await image.GetLayersAsync()).Select(layer => layer.DiffId), Is.EqualTo((await new Image(_store, _root).GetLayersAsync()).Select(layer => layer.DiffId)));
        await ContentCopy.CopyAsync(saved, new MemoryStore(), image.Descriptor);
    }

    private static async Task<Descriptor> PutRealImageAsync(LayoutStore store)
    {
        var layers = new List<(Descriptor Blob, Digest DiffId)>();
        foreach (string name in new[] { "one", "two" })
        {
            var tar = new MemoryStream();
            await using (var writer = new TarWriter(tar, leaveOpen: true))
            {
                byte[] content = Samples.Bytes(3000, name.Length + name[0]);
                await writer.WriteAsync(new() { Path = name, Kind = EntryKind.File, Mode = 0b110_100_100, Size = content.Length }, new MemoryStream(content));
                await writer.CompleteAsync();
            }
            var packed = new MemoryStream();
            await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(tar.ToArray());
            await using BlobWriter blob = store.BeginBlob();
            await blob.WriteAsync(packed.ToArray());
            layers.Add(((await blob.CommitAsync()).As(MediaTypes.LayerGzip), Digest.Of(tar.ToArray())));
        }
        Document<ImageConfig> config = Documents.WriteConfig(new()
        {
            Os = "linux",
            Architecture = Platform.Local.Architecture,
            Config = new() { Env = ["A=b"], Cmd = ["/one"] },
            Rootfs = new() { DiffIds = [.. layers.Select(layer => layer.DiffId)] },
        });
        await config.PutAsync(store);
        Document<ImageManifest> manifest = Documents.WriteManifest(new()
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = config.Descriptor,
            Layers = [.. layers.Select(layer => layer.Blob)],
        });
        await manifest.PutAsync(store);
        return manifest.Descriptor;
    }

    private async Task<string> SaveAsync(ArchiveFormat format)
    {
        string path = _folder["ours.tar"];
        await using FileStream file = File.Create(path);
        await ImageArchive.WriteAsync(file, format, _store, [new("docker.io/library/ik-app:1", _root)]);
        return path;
    }
}
