using System.Buffers.Binary;
using System.Collections.Immutable;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Layers;

public class ZstdChunkedTests : StoresTest
{
    private const string Prefix = "io.github.containers.zstd-chunked.";

    [Test]
    public async Task The_tar_stays_byte_for_byte_so_the_configuration_does_too()
    {
        Image plain = await PlainAsync(), made = await ConvertAsync(plain);
        ImageLayer layer = (await made.GetLayersAsync())[0];
        Assert.That((await made.GetManifestAsync()).Config, Is.EqualTo((await plain.GetManifestAsync()).Config));
        Assert.That(layer.Blob.MediaType, Is.EqualTo(MediaTypes.LayerZstd));
        await using Stream tar = (await Compression.OpenAsync(await Images.OpenAsync(layer.Blob))).Content;
        Assert.That(Digest.Of(await Samples.ReadAllAsync(tar)), Is.EqualTo(layer.DiffId), "the plain reader skips the tables");
        Assert.That((await ConvertAsync(plain)).Descriptor, Is.EqualTo(made.Descriptor), "the same again");
        Assert.That((await ConvertAsync(made)).Descriptor, Is.EqualTo(made.Descriptor), "what is so already stays");
        Assert.That((await ConvertAsync(plain, level: 1)).Descriptor, Is.Not.EqualTo(made.Descriptor));
    }

    [Test]
    public async Task The_footer_says_what_the_annotations_say()
    {
        Descriptor layer = (await (await ConvertAsync(await PlainAsync())).GetLayersAsync())[0].Blob;
        byte[] blob = await Samples.ReadAllAsync(await Images.OpenAsync(layer));
        long[] words = [.. Enumerable.Range(0, 7).Select(i => BinaryPrimitives.ReadInt64LittleEndian(blob.AsSpan(blob.Length - 64 + (i * 8))))];
        Assert.That($"{words[0]}:{words[1]}:{words[2]}:{words[3]}", Is.EqualTo(layer.Annotations![Prefix + "manifest-position"]));
        Assert.That($"{words[4]}:{words[5]}:{words[6]}", Is.EqualTo(layer.Annotations[Prefix + "tarsplit-position"]));
        Assert.That(blob[^8..], Is.EqualTo("GNUlInUx"u8.ToArray()));
        Assert.That(layer.Annotations[Prefix + "manifest-checksum"], Is.EqualTo(Digest.Of(blob.AsSpan((int)words[0], (int)words[1])).ToString()));
    }

    [Test]
    public async Task A_file_is_read_by_ranges_also_where_it_has_holes_or_many_chunks()
    {
        Image image = await ConvertAsync(await PlainAsync());
        var ranges = new RangesOnly(Images);
        using LayerStore empty = LayerStore.Open(Folder["empty"], LayoutStore.Open(Folder["empty-images"]));
        Image remote = new(ranges, image.Descriptor);
        Assert.That(await ReadAsync(remote, empty, "/etc/link"), Is.EqualTo("small"u8.ToArray()));
        Assert.That(ranges.Bytes, Is.LessThan(10_000));
        Assert.That(await ReadAsync(remote, empty, "/etc/empty"), Is.Empty);
        Assert.That(Digest.Of(await ReadAsync(remote, empty, "/etc/big")), Is.EqualTo(Digest.Of(Samples.Bytes(9_000_000))));
    }

    [Test]
    public async Task What_older_tools_call_their_annotations_is_read_too()
    {
        Image image = await ConvertAsync(await PlainAsync());
        Descriptor layer = (await image.GetLayersAsync())[0].Blob;
        Descriptor old = layer with { Annotations = layer.Annotations!.ToImmutableSortedDictionary(pair => pair.Key.Replace(".github", "", StringComparison.Ordinal), pair => pair.Value, StringComparer.Ordinal) };
        Assert.That((await SeekableLayer.OpenAsync(Images, old, CancellationToken.None)).Items.Select(item => item.Entry.Path), Has.Member("etc/big"));
    }

    [TestCase("manifest-checksum", "sha256:0000000000000000000000000000000000000000000000000000000000000000", TestName = "a table with another digest")]
    [TestCase("manifest-position", "9:10:20:2", TestName = "a table of an unknown type")]
    [TestCase("manifest-position", "9:10", TestName = "a place without lengths")]
    [TestCase("manifest-position", "99999999999:10:20:1", TestName = "a place behind the end")]
    [TestCase("manifest-position", "9:-10:20:1", TestName = "a negative length")]
    [TestCase("manifest-position", "9:10:2000000000:1", TestName = "a table that would be huge")]
    public async Task Annotations_that_lie_are_refused(string name, string value)
    {
        Descriptor layer = (await (await ConvertAsync(await PlainAsync())).GetLayersAsync())[0].Blob;
        Descriptor other = layer with { Annotations = layer.Annotations!.SetItem(Prefix + name, value) };
        Assert.That(() => SeekableLayer.OpenAsync(Images, other, CancellationToken.None), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1215"));
    }

    [Test]
    public async Task A_table_that_speaks_of_another_tar_is_refused_when_the_layer_is_read_whole()
    {
        ImageLayer one = (await (await ConvertAsync(await PlainAsync())).GetLayersAsync())[0];
        ImageLayer two = (await (await ConvertAsync(await Image.Empty(Platform.LinuxAmd64).With(i => i.Layer("/etc", l => l.AddFile("small", "smell"))).WriteAsync(Layers))).GetLayersAsync())[0];
        // The frames of one layer, the table of the other: every digest is right.
        byte[] frames = await Samples.ReadAllAsync(await Images.OpenAsync(one.Blob)), other = await Samples.ReadAllAsync(await Images.OpenAsync(two.Blob));
        int begin = (int)(Place(one.Blob).Offset - 8);
        byte[] table = other[(int)(Place(two.Blob).Offset - 8)..(int)(Place(two.Blob).Offset + Place(two.Blob).Length)];
        byte[] forged = [.. frames[..begin], .. table];
        Descriptor blob = one.Blob with
        {
            Digest = Digest.Of(forged),
            Size = forged.Length,
            Annotations = two.Blob.Annotations!.SetItem(Prefix + "manifest-position", $"{begin + 8}:{Place(two.Blob).Length}:{Place(two.Blob).PlainLength}:1"),
        };
        MemoryStore source = new();
        await source.PutAsync(blob, new MemoryStream(forged));
        using LayoutStore images = LayoutStore.Open(Folder["other-images"]);
        using LayerStore layers = LayerStore.Open(Folder["other-layers"], images);
        Assert.That(() => layers.ImportAsync(blob, one.DiffId, source), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1216"));
        Assert.That(await layers.FindAsync(one.DiffId), Is.Null);
    }

    [Test]
    public async Task A_sparse_file_keeps_its_holes_in_the_table()
    {
        await using Stream tar = new MemoryStream(SparseTar());
        ImageLayer layer = await Layers.AddAsync(tar, LayerCompression.Zstd);
        ImageLayer made = await new SeekableWriting(Layers, null).ZstdChunkedAsync(layer.DiffId, CancellationToken.None);
        SeekableLayer seekable = await SeekableLayer.OpenAsync(Images, made.Blob, CancellationToken.None);
        TocEntry entry = seekable.Items.Single().Entry;
        Assert.That(Digest.Of(await Samples.ReadAllAsync(await seekable.OpenAsync(entry, CancellationToken.None))), Is.EqualTo(entry.ContentHash.ToDigest()));
        Assert.That(entry.Size, Is.EqualTo(1_000_010));
    }

    [TestCase(LayerEncoding.Gzip, 10)]
    [TestCase(LayerEncoding.Zstd, 23)]
    [TestCase(LayerEncoding.Zstd, 0)]
    [TestCase(LayerEncoding.None, 1)]
    public async Task A_level_that_is_none_is_refused(LayerEncoding layers, int level)
    {
        Image image = await PlainAsync();
        Assert.That(() => new ImageConversion { Layers = layers, Level = level }.ConvertAsync(image, Layers), Throws.ArgumentException);
    }

    [Test]
    public async Task A_higher_level_makes_smallerLayers_of_the_same_content()
    {
        Image image = await Image.Empty(Platform.LinuxAmd64).With(i => i.Layer("/", l => l.AddFile("text", string.Concat(Enumerable.Range(0, 60_000).Select(n => $"line {(long)n * n % 99991}\n"))))).WriteAsync(Layers);
        foreach (LayerEncoding encoding in new[] { LayerEncoding.Gzip, LayerEncoding.Zstd })
        {
            long low = await SizeAsync(image, encoding, 1), high = await SizeAsync(image, encoding, encoding == LayerEncoding.Gzip ? 9 : 12);
            Assert.That(high, Is.LessThan(low), encoding.ToString());
        }
    }

    private async Task<long> SizeAsync(Image image, LayerEncoding encoding, int level) =>
        (await (await new ImageConversion { Layers = encoding, Level = level, Force = true }.ConvertAsync(image, Layers)).GetLayersAsync())[0].Blob.Size;

    private static ZstdChunkedPlace Place(Descriptor layer) => ZstdChunkedPlace.Read(layer)!.Value;

    private Task<Image> PlainAsync() => Image.Empty(Platform.LinuxAmd64).With(i => i
        .Layer("/etc", l => l.AddFile("big", Samples.Bytes(9_000_000)).AddFile("empty", "").AddFile("small", "small").AddSymlink("link", "../etc/small"))).WriteAsync(Layers);

    private Task<Image> ConvertAsync(Image image, int? level = null) => new ImageConversion { Layers = LayerEncoding.ZstdChunked, Level = level }.ConvertAsync(image, Layers);

    private static async Task<byte[]> ReadAsync(Image image, LayerStore store, string path) => await Samples.ReadAllAsync(await ImageFileReading.OpenFileAsync(image, store, path));

    // PAX 0.1: ten bytes at 0 and at 1,000,000.
    private static byte[] SparseTar()
    {
        MemoryStream tar = new();
        using (System.Formats.Tar.TarWriter writer = new(tar, System.Formats.Tar.TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "holes",
                new Dictionary<string, string> { ["GNU.sparse.map"] = "0,10,1000000,10", ["GNU.sparse.size"] = "1000010", ["GNU.sparse.numblocks"] = "2" })
            { DataStream = new MemoryStream("0123456789abcdefghij"u8.ToArray()) });
        }
        return tar.ToArray();
    }
}
