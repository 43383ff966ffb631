using System.IO.Compression;
using System.Text;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Archives;

public class ImageArchiveTests
{
    private TemporaryFolder _folder = null!;
    private MemoryStore _store = null!;

    [SetUp]
    public void Begin() => (_folder, _store) = (new(), new());

    [TearDown]
    public void End() => _folder.Dispose();

    [Test]
    public async Task What_is_written_is_read_back([Values] ArchiveFormat format, [Values] bool gzip)
    {
        Descriptor root = await Samples.PutImageAsync(_store, layerBytes: 200_000);
        string path = await WriteAsync(format, gzip, new StoredTag("docker.io/library/app:1", root));
        using ImageArchive archive = await ImageArchive.OpenAsync(path, _folder.Path);
        Assert.That(archive.Images, Is.EqualTo(new[] { new StoredTag("docker.io/library/app:1", root) }));
        foreach (string name in new[] { "docker.io/library/app:1", "app:1", root.Digest.ToString() })
            Assert.That((await archive.ResolveAsync(name))?.Digest, Is.EqualTo(root.Digest), name);
        Assert.That(await archive.ResolveAsync("app:2"), Is.Null);
        var target = new MemoryStore();
        await ContentCopy.CopyAsync(archive, target, root);
        Assert.That(target.Blobs, Is.EqualTo(_store.Blobs));
    }

    [Test]
    public async Task Temporary_files_go_with_the_archive()
    {
        string path = await WriteAsync(ArchiveFormat.Oci, true, new StoredTag("a", await Samples.PutImageAsync(_store)));
        string spool = Directory.CreateDirectory(_folder["spool"]).FullName;
        using (await ImageArchive.OpenAsync(path, spool)) Assert.That(Directory.GetFiles(spool), Has.Length.EqualTo(1));
        Assert.That(Directory.GetFiles(spool), Is.Empty);
        File.WriteAllBytes(_folder["broken.gz"], [.. File.ReadAllBytes(path)[..500]]);
        Assert.That(() => ImageArchive.OpenAsync(_folder["broken.gz"], spool), Throws.TypeOf<ContentException>());
        Assert.That(Directory.GetFiles(spool), Is.Empty);
    }

    [Test]
    public async Task A_stream_that_cannot_seek_is_read_too([Values] bool gzip)
    {
        Descriptor root = await Samples.PutImageAsync(_store);
        string path = await WriteAsync(ArchiveFormat.Docker, gzip, new StoredTag("docker.io/library/app:1", root));
        await using var stream = new BufferedStream(new VerifyingStream(File.OpenRead(path), Samples.Blob(File.ReadAllBytes(path))));
        using ImageArchive archive = await ImageArchive.OpenAsync(stream, _folder.Path);
        Assert.That((await archive.ResolveAsync("app:1"))?.Digest, Is.EqualTo(root.Digest));
    }

    [Test]
    public async Task The_same_images_give_the_same_bytes([Values] ArchiveFormat format)
    {
        var tag = new StoredTag("docker.io/library/app:1", await Samples.PutImageAsync(_store));
        byte[] first = File.ReadAllBytes(await WriteAsync(format, false, tag));
        Assert.That(File.ReadAllBytes(await WriteAsync(format, false, tag)), Is.EqualTo(first));
    }

    [Test]
    public async Task Two_names_of_one_image_make_one_line_for_Docker()
    {
        Descriptor root = await Samples.PutImageAsync(_store), other = await Samples.PutImageAsync(_store, "other");
        string path = await WriteAsync(ArchiveFormat.Docker, false, new("docker.io/library/app:1", root), new("ghcr.io/a/b:2", root), new(null, other));
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(path));
        Assert.That(text, Does.Contain("\"RepoTags\":[\"app:1\",\"ghcr.io/a/b:2\"]").And.Contain("\"RepoTags\":null"));
        Assert.That(text, Does.Contain("\"io.containerd.image.name\":\"ghcr.io/a/b:2\",\"org.opencontainers.image.ref.name\":\"2\""));
        using ImageArchive archive = await ImageArchive.OpenAsync(path);
        Assert.That(archive.Images.Select(image => image.Name), Is.EqualTo(new[] { "docker.io/library/app:1", "ghcr.io/a/b:2", null }));
    }

    [Test]
    public async Task An_index_is_saved_whole_and_Docker_is_shown_this_machines_image()
    {
        Descriptor other = await Samples.PutImageAsync(_store, "other", Platform.Parse("linux/s390x")), mine = await Samples.PutImageAsync(_store, "mine", Platform.Local);
        Descriptor root = await Samples.PutIndexAsync(_store, (other, Platform.Parse("linux/s390x")), (mine, Platform.Local));
        string path = await WriteAsync(ArchiveFormat.Docker, false, new StoredTag("docker.io/library/app:1", root));
        ImageManifest image = (await Documents.ReadManifestAsync(_store, mine)).Value;
        Assert.That(Encoding.UTF8.GetString(File.ReadAllBytes(path)), Does.Contain($"[{{\"Config\":\"blobs/sha256/{image.Config.Digest.Encoded}\",\"RepoTags\""));
        using ImageArchive archive = await ImageArchive.OpenAsync(path);
        var target = new MemoryStore();
        await ContentCopy.CopyAsync(archive, target, root);
        Assert.That(target.Blobs, Is.EqualTo(_store.Blobs));
    }

    [Test]
    public async Task A_layer_that_rotted_in_the_archive_is_found()
    {
        Descriptor root = await Samples.PutImageAsync(_store, layers: 1, layerBytes: 5000);
        string path = await WriteAsync(ArchiveFormat.Oci, false, new StoredTag("a", root));
        Descriptor layer = (await Documents.ReadManifestAsync(_store, root)).Value.Layers[0];
        byte[] bytes = File.ReadAllBytes(path);
        byte[] content = await Samples.ReadAllAsync(await _store.OpenAsync(layer));
        bytes[bytes.AsSpan().IndexOf(content) + 2000] ^= 1;
        File.WriteAllBytes(path, bytes);
        using ImageArchive archive = await ImageArchive.OpenAsync(path);
        Assert.That(() => ContentCopy.CopyAsync(archive, new MemoryStore(), root), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
    }

    [Test]
    public void A_file_that_is_not_there_is_an_error() => Assert.That(() => ImageArchive.OpenAsync(_folder["nothing.tar"]),
        Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1003"));

    [Test]
    public async Task A_tar_without_images_is_an_error()
    {
        await WriteTarAsync("other.tar", ("hello.txt", "hi"u8.ToArray(), null));
        Assert.That(() => ImageArchive.OpenAsync(_folder["other.tar"]), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1009"));
    }

    [TestCase("{")]
    [TestCase("[{\"Config\":\"no.json\",\"RepoTags\":null,\"Layers\":[]}]")]
    [TestCase("[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[\"missing.tar\"]}]")]
    [TestCase("[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[]}]")]
    [TestCase("[{\"Config\":\"../../c.json\",\"RepoTags\":null,\"Layers\":[\"../../etc/passwd\"]}]")]
    [TestCase("[null]")]
    public async Task A_broken_list_of_images_is_an_error(string list)
    {
        await WriteTarAsync("broken.tar", ("c.json", ConfigOf(Digest.Of("x"u8)), null), ("manifest.json", Encoding.UTF8.GetBytes(list), null));
        Assert.That(() => ImageArchive.OpenAsync(_folder["broken.tar"]), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1009"));
    }

    [Test]
    public async Task Layers_behind_links_are_found_as_old_dockers_and_skopeo_write_them()
    {
        byte[] layer = Samples.Bytes(2000);
        byte[] config = ConfigOf(Digest.Of(layer), Digest.Of(layer));
        await WriteTarAsync("old.tar", ("aa/layer.tar", layer, null), ("./bb/layer.tar", [], "../aa/layer.tar"), ("c.json", config, null),
            ("manifest.json", """[{"Config":"c.json","RepoTags":["app:1"],"Layers":["aa/layer.tar","bb/layer.tar"]}]"""u8.ToArray(), null));
        using ImageArchive archive = await ImageArchive.OpenAsync(_folder["old.tar"]);
        var image = new Image(archive, (await archive.ResolveAsync("app:1"))!);
        Assert.That((await image.GetLayersAsync()).Select(l => (l.DiffId, l.Blob.MediaType)), Is.All.EqualTo((Digest.Of(layer), MediaTypes.Layer)));
        var target = new MemoryStore();
        await ContentCopy.CopyAsync(archive, target, image.Descriptor);
        Assert.That(target.Blobs, Has.Length.EqualTo(3).And.Contain(Digest.Of(config)));
    }

    [Test]
    public async Task Compressed_layers_under_any_name_are_found()
    {
        byte[] layer = Samples.Bytes(2000);
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(layer);
        await WriteTarAsync("packed.tar", ("l.tar.gz", packed.ToArray(), null), ("c.json", ConfigOf(Digest.Of(layer)), null),
            ("manifest.json", """[{"Config":"c.json","RepoTags":null,"Layers":["l.tar.gz"]}]"""u8.ToArray(), null));
        using ImageArchive archive = await ImageArchive.OpenAsync(_folder["packed.tar"]);
        StoredTag only = archive.Images.Single();
        ImageManifest manifest = (await Documents.ReadManifestAsync(archive, only.Root)).Value;
        Assert.That((only.Name, manifest.Layers[0].MediaType, manifest.Layers[0].Digest), Is.EqualTo(((string?)null, MediaTypes.LayerGzip, Digest.Of(packed.ToArray()))));
        await ContentCopy.CopyAsync(archive, new MemoryStore(), only.Root);
    }

    private static byte[] ConfigOf(params Digest[] diffIds) =>
        Documents.WriteConfig(new() { Os = "linux", Architecture = "amd64", Rootfs = new() { DiffIds = [.. diffIds] } }).Bytes.ToArray();

    private async Task<string> WriteAsync(ArchiveFormat format, bool gzip, params StoredTag[] images)
    {
        string path = _folder[$"{Guid.NewGuid():N}.tar"];
        await using Stream file = gzip ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        await ImageArchive.WriteAsync(file, format, _store, images);
        return path;
    }

    private async Task WriteTarAsync(string name, params (string Path, byte[] Content, string? Link)[] files)
    {
        await using var tar = new System.Formats.Tar.TarWriter(File.Create(_folder[name]));
        foreach ((string path, byte[] content, string? link) in files)
        {
            await tar.WriteEntryAsync(link is null
                ? new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) }
                : new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, path) { LinkName = link });
        }
    }
}
