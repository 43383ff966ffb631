using ImageKit.Oci.Tests.Stores;
using ImageKit.Posix;

namespace ImageKit.Oci.Tests.LayerTests;

/// <summary>Go's archive/tar, through skopeo and umoci, reads our layers; we read those of umoci.</summary>
[Platform("Linux")]
public class LayerInteropTests
{
    [TestCase(LayerCompression.Gzip)]
    [TestCase(LayerCompression.None)]
    public async Task Umoci_unpacks_our_layers_and_we_read_what_it_packs(LayerCompression compression)
    {
        Programs.Require("umoci", "skopeo");
        using var folder = new TemporaryFolder();
        using LayoutStore images = LayoutStore.Open(folder["images"]);
        using LayerStore layers = LayerStore.Open(folder["layers"], images);
        string deep = string.Join('/', Enumerable.Repeat(new string('d', 90), 4)) + "/größe";
        byte[] content = Samples.Bytes(1_500_000);
        TocEntry[] entries =
        [
            new() { Path = "", Kind = EntryKind.Directory, Mode = 0x1ED },
            new() { Path = "a", Kind = EntryKind.File, Mode = 0x9ED, Size = 5 },
            new() { Path = deep, Kind = EntryKind.File, Mode = 0x180, Size = content.Length, MtimeSeconds = 86_400, MtimeNanoseconds = 123_000_000, Xattrs = [new("user.note", [1, 2])] },
            new() { Path = "hard", Kind = EntryKind.Hardlink, LinkTarget = deep },
            new() { Path = "soft", Kind = EntryKind.Symlink, LinkTarget = "/" + deep },
        ];
        await using (PendingLayer pending = await layers.WriteAsync(
            entries.Select(entry => new LayerItem(entry, new MemoryOrigin(entry.Path == "a" ? "hello"u8.ToArray() : content))), new() { Compression = compression }))
        {
            await pending.CommitAsync();
            await TagAsync(images, pending.Layer, pending.Blob!);
        }
        await Programs.RunAsync("skopeo", "copy", "-q", $"oci:{images.Directory}:t", $"oci:{folder["copy"]}:t");
        string[] rootless = Environment.IsPrivilegedProcess ? [] : ["--rootless"];
        await Programs.RunAsync("umoci", ["unpack", .. rootless, "--image", $"{folder["copy"]}:t", folder["bundle"]]);
        using (DirectoryRoot root = DirectoryRoot.Open(folder["bundle/rootfs"]))
        {
            Assert.That(await File.ReadAllBytesAsync(folder["bundle/rootfs/hard"]), Is.EqualTo(content));
            FileStatus status = root.Stat(deep)!.Value;
            Assert.That((status.LinkCount, status.Mode, status.MtimeSeconds, status.MtimeNanoseconds), Is.EqualTo((2, 0x180, 86_400, 123_000_000)));
            Assert.That((root.Stat("a")!.Value.Mode, root.ReadLink("soft")), Is.EqualTo((0x9ED, "/" + deep)));
            Assert.That(root.GetXattrs(deep).Single(xattr => xattr.Name == "user.note").Value, Is.EqualTo(new byte[] { 1, 2 }));
        }
        await File.WriteAllTextAsync(folder["bundle/rootfs/new"], "from umoci");
        File.Delete(folder["bundle/rootfs/a"]);
        await Programs.RunAsync("umoci", "repack", "--image", $"{folder["copy"]}:u", folder["bundle"]);
        await ReadTheirsAsync(folder["copy"], layers);
    }

    private static async Task ReadTheirsAsync(string layout, LayerStore layers)
    {
        using LayoutStore theirs = LayoutStore.Open(layout);
        Descriptor root = (await theirs.ResolveAsync("u"))!;
        ImageManifest manifest = (await Documents.ReadManifestAsync(theirs, root)).Value;
        ImageConfig config = (await Documents.ReadConfigAsync(theirs, manifest.Config)).Value;
        Layer layer = await layers.ImportAsync(manifest.Layers[^1], config.Rootfs!.DiffIds[^1], theirs);
        Assert.That(layer.Toc.Entries.Select(entry => entry.Path), Does.Contain("new").And.Contain(".wh.a"));
        TocEntry added = layer.Toc.Entries.Single(entry => entry.Path == "new");
        Assert.That(added.ContentHash, Is.EqualTo(Hash256.Of("from umoci"u8)));
        Assert.That(await Samples.ReadAllAsync(await layers.Origin(layer.DiffId).OpenAsync(added, default)), Is.EqualTo("from umoci"u8.ToArray()));
    }

    private static async Task TagAsync(LayoutStore images, Layer layer, Descriptor blob)
    {
        Document<ImageConfig> config = Documents.WriteConfig(new() { Os = "linux", Architecture = "amd64", Rootfs = new() { DiffIds = [layer.DiffId] } });
        await config.PutAsync(images);
        Document<ImageManifest> manifest = Documents.WriteManifest(new() { SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = config.Descriptor, Layers = [blob] });
        await manifest.PutAsync(images);
        await images.TagAsync("t", manifest.Descriptor);
    }
}
