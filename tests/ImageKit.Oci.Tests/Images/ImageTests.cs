using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

public class ImageTests : StoresTest
{
    [Test]
    public async Task An_image_is_made_from_nothing()
    {
        Image image = await Hello(Image.Empty(Platform.LinuxArm64)).WriteAsync(Layers);
        ImageConfig config = await image.GetConfigAsync();
        Assert.That((config.Os, config.Architecture, config.Created), Is.EqualTo(("linux", "arm64", "1970-01-01T00:00:00Z")));
        ContainerConfig container = config.Config!;
        Assert.That(container.Entrypoint, Is.EqualTo(new[] { "/app/hello" }));
        Assert.That(container.Env, Is.EqualTo(new[] { "A=2", "B=x=y" }));
        Assert.That(container.ExposedPorts, Is.EqualTo(new[] { "53/udp", "8080/tcp" }));
        Assert.That((container.User, container.WorkingDir, container.StopSignal), Is.EqualTo(("1654", "/app", "SIGQUIT")));
        Assert.That(container.Labels!["l"], Is.EqualTo("v"));
        Assert.That(container.Volumes, Is.EqualTo(new[] { "/data" }));
        Assert.That((await image.GetManifestAsync()).Annotations!["n"], Is.EqualTo("w"));
        Assert.That(config.History!.Value.Count(line => line.EmptyLayer is not true), Is.EqualTo((await image.GetLayersAsync()).Length).And.EqualTo(2));
        Assert.That(config.History!.Value.Select(line => line.CreatedBy), Does.Contain("ENTRYPOINT [\"/app/hello\"]").And.Contain("ENV B=x=y").And.Contain("LAYER /app"));
    }

    [Test]
    public async Task The_same_description_gives_the_same_digest_in_another_store()
    {
        Image first = await Hello(Image.Empty(Platform.LinuxAmd64)).WriteAsync(Layers);
        using LayoutStore images = LayoutStore.Open(Folder["other/images"]);
        using LayerStore layers = LayerStore.Open(Folder["other/layers"], images);
        Image second = await Hello(Image.Empty(Platform.LinuxAmd64)).WriteAsync(layers);
        Assert.That(second.Descriptor.Digest, Is.EqualTo(first.Descriptor.Digest));
    }

    [Test]
    public async Task A_base_is_kept_and_itsLayers_are_not_read()
    {
        var remote = new MemoryStore();
        Descriptor root = await Samples.PutImageAsync(remote);
        var unread = new Image(new ManifestsOnly(remote), root);
        Image image = await unread.With(i => i.Layer("/", l => l.AddFile("f", "x")).Label("a", "b")).WriteAsync(Layers);
        Assert.That((await image.GetLayersAsync()).Take(2), Is.EqualTo(await new Image(remote, root).GetLayersAsync()));
        Assert.That((await image.GetConfigAsync()).Author, Is.EqualTo("one"));
        Assert.That(unread.Edit, Is.Null, "With leaves the image it is called on as it was");
    }

    [Test]
    public async Task An_edited_image_is_copied_with_theLayers_of_its_base()
    {
        var remote = new MemoryStore();
        Descriptor root = await Samples.PutImageAsync(remote);
        Image image = await new Image(remote, root).With(i => i.Layer("/", l => l.AddFile("f", "x"))).WriteAsync(Layers);
        var target = new MemoryStore();
        CopyResult result = await ContentCopy.CopyAsync(image.Source, target, image.Descriptor);
        Assert.That(result.BlobsWritten, Is.EqualTo(5)); // two layers of the base, one of ours, config, manifest
    }

    [Test]
    public async Task An_edit_of_an_edit_is_written_too()
    {
        Image image = await Image.Empty(Platform.LinuxAmd64).With(i => i.Env("A", "1").Layer("/", l => l.AddFile("a", "1")))
            .With(i => i.Env("A", "2").Layer("/", l => l.AddFile("b", "2"))).WriteAsync(Layers);
        Assert.That((await image.GetConfigAsync()).Config?.Env, Is.EqualTo(new[] { "A=2" }));
        Assert.That(await image.GetLayersAsync(), Has.Length.EqualTo(2));
        Assert.That(await image.WriteAsync(Layers), Is.SameAs(image));
    }

    [Test]
    public async Task Skopeo_and_umoci_take_the_image()
    {
        Programs.Require("skopeo", "umoci");
        Image image = await Hello(Image.Empty(Platform.Local)).WriteAsync(Layers);
        await Images.TagByShortNameAsync(ImageReference.Parse("hello:1"), image.Descriptor);
        Assert.That(await Programs.RunAsync("skopeo", "inspect", $"oci:{Images.Directory}:1"), Does.Contain("\"B=x=y\""));
        if (!Environment.IsPrivilegedProcess) return;
        await Programs.RunAsync("umoci", "unpack", "--image", $"{Images.Directory}:1", Folder["bundle"]);
        Assert.That(File.ReadAllText(Folder["bundle/rootfs/app/hello"]), Is.EqualTo("#!/bin/sh\necho hello\n"));
        Assert.That(new FileInfo(Folder["bundle/rootfs/etc/current"]).LinkTarget, Is.EqualTo("/app"));
    }

    [Test]
    public void An_edited_image_that_is_not_written_says_so() =>
        Assert.That(() => Image.Empty(Platform.LinuxAmd64).With(i => i.User("1")).GetConfigAsync(), Throws.InvalidOperationException.With.Message.Contains("write"));

    [Test]
    public async Task The_empty_image_has_noLayers()
    {
        Image image = Image.Empty(Platform.Parse("linux/arm/v7"));
        Assert.That(await image.GetLayersAsync(), Is.Empty);
        Assert.That((await image.GetPlatformAsync()).ToString(), Is.EqualTo("linux/arm/v7"));
    }

    [Test]
    public async Task A_manifest_and_a_config_that_disagree_are_an_error()
    {
        var store = new MemoryStore();
        ImageManifest manifest = (await Documents.ReadManifestAsync(store, await Samples.PutImageAsync(store))).Value;
        Document<ImageManifest> shorter = Documents.WriteManifest(manifest with { Layers = [manifest.Layers[0]] });
        await shorter.PutAsync(store);
        Assert.That(() => new Image(store, shorter.Descriptor).GetLayersAsync(), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1005"));
    }

    [Test]
    public async Task An_image_of_Dockers_types_becomes_one_of_OCIs()
    {
        var store = new MemoryStore();
        ImageManifest manifest = (await Documents.ReadManifestAsync(store, await Samples.PutImageAsync(store))).Value;
        Document<ImageManifest> docker = Documents.WriteManifest(manifest with
        {
            MediaType = MediaTypes.DockerManifest,
            Config = manifest.Config with { MediaType = MediaTypes.DockerConfig },
            Layers = [.. manifest.Layers.Select(layer => layer with { MediaType = MediaTypes.DockerLayerGzip })],
        });
        await docker.PutAsync(store);
        ImageManifest made = await (await new Image(store, docker.Descriptor).With(i => i.User("1")).WriteAsync(Layers)).GetManifestAsync();
        Assert.That((made.MediaType, made.Config.MediaType), Is.EqualTo((MediaTypes.Manifest, MediaTypes.Config)));
        Assert.That(made.Layers.Select(layer => layer.MediaType), Is.All.EqualTo(MediaTypes.LayerGzip));
    }

    private static Image Hello(Image below) => below.With(i => i
        .Layer("/app", l => l.AddFile("hello", "#!/bin/sh\necho hello\n").Mode(files: "755"))
        .Layer("/etc", l => l.AddSymlink("current", "/app"))
        .Command("dropped").Entrypoint("/app/hello").Env("A", "1").Env("B", "x=y").Env("A", "2").Expose(8080).Expose(53, "udp")
        .User("1654").WorkingDirectory("/app").Label("l", "v").Volume("/data").StopSignal("SIGQUIT").Annotate("n", "w"));

    /// <summary>A registry from which nobody may load a layer.</summary>
    private sealed class ManifestsOnly(IContentSource below) : IContentSource
    {
        public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => below.ResolveAsync(name, cancel);

        public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) =>
            blob.MediaType == MediaTypes.Layer ? throw new AssertionException("A layer was read.") : below.OpenAsync(blob, cancel);
    }
}
