using System.IO.Compression;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Layers;

public class EstargzTests : StoresTest
{
    [Test]
    public async Task Any_gzip_reader_reads_the_layer_and_its_table_stands_last()
    {
        Image image = await ConvertedAsync();
        ImageLayer layer = (await image.GetLayersAsync())[0];
        await using System.Formats.Tar.TarReader reader = new(new GZipStream(File.OpenRead(Images.GetPath(layer.Blob.Digest)), CompressionMode.Decompress));
        List<string> names = [];
        while (await reader.GetNextEntryAsync() is { } entry) names.Add(entry.Name);
        Assert.That(names, Is.EqualTo(new[] { ".no.prefetch.landmark", "etc/", "etc/big", "etc/empty", "etc/link", "etc/small", "stargz.index.json" }));
        Assert.That((await image.GetConfigAsync()).Rootfs.DiffIds[0], Is.EqualTo(layer.DiffId));
        Assert.That(layer.Blob.Annotations, Contains.Key("containerd.io/snapshot/stargz/toc.digest"));
        Assert.That((await ConvertedAsync()).Descriptor, Is.EqualTo(image.Descriptor), "the same again");
    }

    [Test]
    public async Task A_file_is_read_by_ranges_and_links_and_deletions_count()
    {
        Image image = await ConvertedAsync();
        var ranges = new RangesOnly(Images);
        using LayerStore empty = LayerStore.Open(Folder["empty"], LayoutStore.Open(Folder["empty-images"]));
        Image remote = new(ranges, image.Descriptor);
        Assert.That(await ReadAsync(remote, empty, "/etc/link"), Is.EqualTo("small"u8.ToArray()));
        Assert.That(ranges.Bytes, Is.LessThan(10_000), "neither the big file nor the lower layer's");
        Assert.That(await ReadAsync(remote, empty, "/etc/empty"), Is.Empty);
        Assert.That(Digest.Of(await ReadAsync(remote, empty, "/etc/big")), Is.EqualTo(Digest.Of(Samples.Bytes(9_000_000))));
        Assert.That(() => ImageFileReading.OpenFileAsync(remote, empty, "/etc/none"), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1019"));
    }

    [Test]
    public async Task A_table_that_the_manifest_does_not_promise_is_refused()
    {
        Image image = await ConvertedAsync();
        Descriptor layer = (await image.GetLayersAsync())[0].Blob;
        Descriptor other = layer with { Annotations = layer.Annotations!.SetItem("containerd.io/snapshot/stargz/toc.digest", Digest.Of([1]).ToString()) };
        Assert.That(() => EstargzLayer.OpenAsync(Images, other, CancellationToken.None), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1215"));
        Assert.That(() => EstargzLayer.OpenAsync(Images, layer with { Size = 40 }, CancellationToken.None), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1215"));
    }

    private async Task<Image> ConvertedAsync()
    {
        Image image = await Image.Empty(Platform.LinuxAmd64).With(i => i
            .Layer("/etc", l => l.AddFile("big", Samples.Bytes(9_000_000)).AddFile("empty", "").AddFile("small", "small").AddSymlink("link", "../etc/small"))).WriteAsync(Layers);
        return await new ImageConversion { Layers = LayerEncoding.Estargz }.ConvertAsync(image, Layers);
    }

    private static async Task<byte[]> ReadAsync(Image image, LayerStore store, string path) => await Samples.ReadAllAsync(await ImageFileReading.OpenFileAsync(image, store, path));
}
