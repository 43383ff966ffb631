using System.Collections.Immutable;
using System.IO.Compression;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Images;

public class EditingTests : StoresTest
{
    [Test]
    public async Task An_annotation_leaves_the_configuration_as_it_is()
    {
        Image app = await AppAsync(), annotated = await app.With(i => i.Annotate("a", "b")).WriteAsync(Layers);
        Assert.That((await annotated.GetManifestAsync()).Config, Is.EqualTo((await app.GetManifestAsync()).Config));
        Assert.That((await annotated.GetManifestAsync()).Annotations!["a"], Is.EqualTo("b"));
        Assert.That(await annotated.With(i => i.Annotate("a", "b")).WriteAsync(Layers), Is.SameAs(annotated), "nothing to change");
        Image bare = await annotated.With(i => i.RemoveAnnotation("a")).WriteAsync(Layers);
        Assert.That(bare.Descriptor, Is.EqualTo(app.Descriptor));
    }

    [Test]
    public async Task What_is_set_can_be_taken_away()
    {
        Image app = await Image.Empty(Platform.LinuxAmd64).With(i => i.Env("A", "1").Env("B", "2").Label("l", "v").Expose(80).Volume("/v").Entrypoint("/e").Author("me")).WriteAsync(Layers);
        ImageConfig config = await (await app.With(i => i.RemoveEnv("A").RemoveLabel("l").RemovePort("80").RemoveVolume("/v").Entrypoint().Platform(Platform.LinuxArm64)).WriteAsync(Layers)).GetConfigAsync();
        ContainerConfig container = config.Config!;
        Assert.That(container.Env, Is.EqualTo(new[] { "B=2" }));
        Assert.That((container.Labels, container.ExposedPorts, container.Volumes, container.Entrypoint), Is.EqualTo((null as ImmutableSortedDictionary<string, string>, null as ImmutableSortedSet<string>, null as ImmutableSortedSet<string>, null as ImmutableArray<string>?)));
        Assert.That((config.Author, config.Architecture), Is.EqualTo(("me", "arm64")));
    }

    [TestCase(true, TestName = "A compressed tar is appended as the blob that it is")]
    [TestCase(false, TestName = "A plain tar is appended and compressed")]
    public async Task Appends(bool compressed)
    {
        await using (Stream file = compressed ? new GZipStream(File.Create(Folder["l.tar"]), CompressionLevel.Fastest) : File.Create(Folder["l.tar"]))
        await using (TarWriter tar = new(file, leaveOpen: true))
        {
            await tar.WriteAsync(new() { Path = "x", Kind = EntryKind.File, Size = 3 }, new MemoryStream("abc"u8.ToArray()));
            await tar.CompleteAsync();
        }
        Image image = await Image.Empty(Platform.LinuxAmd64).With(i => i.AppendTar(Folder["l.tar"])).WriteAsync(Layers);
        ImageLayer layer = (await image.GetLayersAsync()).Single();
        Assert.That(layer.Blob.MediaType, Is.EqualTo(MediaTypes.LayerGzip));
        if (compressed) Assert.That(layer.Blob.Digest, Is.EqualTo(Digest.Of(File.ReadAllBytes(Folder["l.tar"]))));
        Assert.That((await Layers.FindAsync(layer.DiffId))!.Toc.Entries.Select(entry => entry.Path), Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void What_is_no_tar_is_not_appended()
    {
        File.WriteAllText(Folder["l.tar"], new string('x', 2000));
        Assert.That(() => Image.Empty(Platform.LinuxAmd64).With(i => i.AppendTar(Folder["l.tar"])).WriteAsync(Layers), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1201"));
    }

    [Test]
    public async Task Stripping_writes_again_only_theLayers_that_lose_something()
    {
        Image app = await AppAsync(), stripped = await app.With(i => i.Strip("**/*.pdb")).WriteAsync(Layers);
        ImmutableArray<ImageLayer> before = await app.GetLayersAsync(), after = await stripped.GetLayersAsync();
        Assert.That(after[0], Is.EqualTo(before[0]));
        Assert.That((await Layers.FindAsync(after[1].DiffId))!.Toc.Entries.Select(entry => entry.Path), Is.EqualTo(new[] { "app", "app/a.dll" }));
        Assert.That(await ReadAsync(after[1], "app/a.dll"), Is.EqualTo("dll"));
    }

    [Test]
    public async Task A_hard_link_to_a_stripped_file_becomes_the_file()
    {
        await using (TarWriter tar = new(File.Create(Folder["l.tar"])))
        {
            await tar.WriteAsync(new() { Path = "x", Kind = EntryKind.File, Size = 3 }, new MemoryStream("abc"u8.ToArray()));
            await tar.WriteAsync(new() { Path = "y", Kind = EntryKind.Hardlink, LinkTarget = "x" });
            await tar.WriteAsync(new() { Path = "z", Kind = EntryKind.Hardlink, LinkTarget = "x" });
            await tar.CompleteAsync();
        }
        Image image = await Image.Empty(Platform.LinuxAmd64).With(i => i.AppendTar(Folder["l.tar"])).WriteAsync(Layers);
        ImageLayer layer = (await (await image.With(i => i.Strip("x")).WriteAsync(Layers)).GetLayersAsync()).Single();
        Assert.That((await Layers.FindAsync(layer.DiffId))!.Toc.Entries.Select(entry => (entry.Path, entry.Kind, entry.LinkTarget)),
            Is.EqualTo(new[] { ("y", EntryKind.File, null as string), ("z", EntryKind.Hardlink, "y") }));
        Assert.That(await ReadAsync(layer, "y"), Is.EqualTo("abc"));
    }

    [Test]
    public async Task A_layer_is_taken_out_with_its_line_of_the_history()
    {
        Image app = await AppAsync(), less = await app.With(i => i.RemoveLayer(0)).WriteAsync(Layers);
        Assert.That(await less.GetLayersAsync(), Is.EqualTo((await app.GetLayersAsync()).Skip(1)));
        Assert.That((await less.GetConfigAsync()).History!.Value.Select(line => line.CreatedBy), Is.EqualTo(new[] { "LAYER /app", "ENV A=1" }));
        Assert.That(() => app.With(i => i.RemoveLayer(2)).WriteAsync(Layers), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1011"));
    }

    [Test]
    public async Task One_time_for_all_makes_equal_what_differs_in_times_alone()
    {
        ImageWriteOptions early = new() { Epoch = 1000 }, late = new() { Epoch = 2000 };
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(5);
        Image one = await Described().WriteAsync(Layers, early), two = await Described().WriteAsync(Layers, late);
        Assert.That(one.Descriptor.Digest, Is.Not.EqualTo(two.Descriptor.Digest));
        Image first = await one.With(i => i.Time(time)).WriteAsync(Layers), second = await two.With(i => i.Time(time)).WriteAsync(Layers);
        Assert.That(second.Descriptor, Is.EqualTo(first.Descriptor));
        Assert.That((await first.GetConfigAsync()).Created, Is.EqualTo("1970-01-01T00:00:05Z"));
        Image clamped = await two.With(i => i.LatestTime(DateTimeOffset.FromUnixTimeSeconds(1000))).WriteAsync(Layers);
        Assert.That(await clamped.GetLayersAsync(), Is.EqualTo(await one.GetLayersAsync()));
    }

    [Test]
    public async Task Conversion_changes_what_is_not_so_already_and_nothing_else()
    {
        Image app = await AppAsync();
        ImageConversion toZstd = new() { Layers = LayerEncoding.Zstd };
        Image zstd = await toZstd.ConvertAsync(app, Layers);
        Assert.That((await zstd.GetLayersAsync()).Select(layer => (layer.Blob.MediaType, layer.DiffId)), Is.EqualTo((await app.GetLayersAsync()).Select(layer => (MediaTypes.LayerZstd, layer.DiffId))));
        Assert.That((await zstd.GetManifestAsync()).Config, Is.EqualTo((await app.GetManifestAsync()).Config), "the configuration stays the very blob");
        Assert.That(await toZstd.ConvertAsync(zstd, Layers), Is.SameAs(zstd));
        Image docker = await new ImageConversion { Types = MediaTypeFamily.Docker }.ConvertAsync(app, Layers);
        ImageManifest manifest = await docker.GetManifestAsync();
        Assert.That((manifest.MediaType, manifest.Config.MediaType, manifest.Layers[0].MediaType), Is.EqualTo((MediaTypes.DockerManifest, MediaTypes.DockerConfig, MediaTypes.DockerLayerGzip)));
        Image back = await new ImageConversion { Types = MediaTypeFamily.Oci }.ConvertAsync(docker, Layers);
        Assert.That(back.Descriptor, Is.EqualTo(app.Descriptor), "there and back");
    }

    [Test]
    public async Task A_layer_that_registries_do_not_hold_stays_and_is_no_reason_to_fail_unless_it_must_be_read()
    {
        Image app = await AppAsync();
        ImageManifest manifest = await app.GetManifestAsync();
        Descriptor foreign = Samples.Blob([1, 2, 3], "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip") with { Urls = ["https://example.com/layer"] };
        Document<ImageManifest> windows = Documents.WriteManifest(manifest with { Layers = [foreign, manifest.Layers[1]] });
        await windows.PutAsync(Images);
        Image image = new(Images, windows.Descriptor);
        Image converted = await new ImageConversion { Layers = LayerEncoding.Zstd }.ConvertAsync(image, Layers);
        Descriptor kept = (await converted.GetManifestAsync()).Layers[0];
        Assert.That((kept.MediaType, kept.Digest, kept.Urls!.Value[0]), Is.EqualTo(("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", foreign.Digest, "https://example.com/layer")));
        Assert.That(() => image.With(i => i.Strip("x")).WriteAsync(Layers), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1013"));
    }

    private static Image Described() => Image.Empty(Platform.LinuxAmd64).With(i => i
        .Layer("/etc", l => l.AddFile("name", "x")).Layer("/app", l => l.AddFile("a.dll", "dll").AddFile("a.pdb", "pdb")).Env("A", "1"));

    private Task<Image> AppAsync() => Described().WriteAsync(Layers);

    private async Task<string> ReadAsync(ImageLayer layer, string path)
    {
        TocEntry entry = (await Layers.FindAsync(layer.DiffId))!.Toc.Entries.Single(entry => entry.Path == path);
        return System.Text.Encoding.UTF8.GetString(await Samples.ReadAllAsync(await Layers.Origin(layer.DiffId).OpenAsync(entry, CancellationToken.None)));
    }
}
