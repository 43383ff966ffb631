using System.Text;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.LayerTests;

public class LayerStoreTests : StoresTest
{
    [Test]
    public async Task A_layer_is_not_there_before_it_is_committed()
    {
        PendingLayer pending = await Layers.WriteAsync(Items(("a", "x")), new() { Compression = LayerCompression.Gzip });
        Digest diffId = pending.Layer.DiffId;
        Assert.That(await Layers.FindAsync(diffId), Is.Null);
        Assert.That(await Images.ContainsAsync(pending.Blob!), Is.False);
        await pending.CommitAsync();
        Assert.That((await Layers.FindAsync(diffId))!.Toc.Entries, Has.Length.EqualTo(1));
        Assert.That(await Images.ContainsAsync(pending.Blob!), Is.True);
    }

    [Test]
    public async Task A_dropped_layer_leaves_nothing()
    {
        await using (await Layers.WriteAsync(Items(("a", "x")), new() { Compression = LayerCompression.Zstd, KeepTar = true })) { }
        Assert.That(Directory.GetFiles(Folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName), Is.EquivalentTo(new[] { "oci-layout" }));
    }

    [TestCase(null, TestName = "Forms: the tar alone")]
    [TestCase(LayerCompression.Gzip, TestName = "Forms: gzip")]
    [TestCase(LayerCompression.Zstd, TestName = "Forms: zstd")]
    [TestCase(LayerCompression.None, TestName = "Forms: a blob that is not compressed")]
    public async Task All_forms_hold_the_same(LayerCompression? compression)
    {
        string big = new('b', 3_000_000);
        Layer layer = await WriteAsync(compression, ("dir/a", "hello"), ("dir/big", big), ("empty", ""));
        Assert.That(File.Exists(Layers.Paths(layer.DiffId).Tar), Is.EqualTo(compression is null));
        await using (FileStream tar = await Layers.OpenTarAsync(layer.DiffId))
        {
            Assert.That(tar.Length, Is.EqualTo(layer.Toc.TarSize));
            Assert.That(Digest.Of(await Samples.ReadAllAsync(tar)), Is.EqualTo(layer.DiffId));
        }
        foreach (TocEntry entry in layer.Toc.Entries)
        {
            byte[] content = await Samples.ReadAllAsync(await Layers.Origin(layer.DiffId).OpenAsync(entry, default));
            Assert.That(Hash256.Of(content), Is.EqualTo(entry.ContentHash));
            Assert.That(content, Has.Length.EqualTo(entry.Size));
        }
    }

    [Test]
    public async Task A_blob_is_made_once_from_whatever_form_there_is()
    {
        Layer layer = await WriteAsync(null, ("a", "hello"));
        Descriptor gzip = await Layers.CompressAsync(layer.DiffId, LayerCompression.Gzip);
        Assert.That(gzip.MediaType, Is.EqualTo(MediaTypes.LayerGzip));
        File.Delete(Layers.Paths(layer.DiffId).Tar);
        Descriptor zstd = await Layers.CompressAsync(layer.DiffId, LayerCompression.Zstd);
        Assert.That(zstd.MediaType, Is.EqualTo(MediaTypes.LayerZstd));
        Assert.That(await Layers.CompressAsync(layer.DiffId, LayerCompression.Gzip), Is.EqualTo(gzip));
        Assert.That(await Layers.FindBlobAsync(layer.DiffId), Is.EqualTo(gzip));
        Assert.That(await Layers.FindBlobAsync(layer.DiffId, LayerCompression.Zstd), Is.EqualTo(zstd));
    }

    [Test]
    public async Task One_pass_makes_the_same_blob_as_two()
    {
        Layer layer = await WriteAsync(null, ("a", new string('x', 2_500_000)));
        Descriptor later = await Layers.CompressAsync(layer.DiffId, LayerCompression.Gzip);
        await using PendingLayer pending = await Layers.WriteAsync(Items(("a", new string('x', 2_500_000))), new() { Compression = LayerCompression.Gzip });
        Assert.That(pending.Blob, Is.EqualTo(later));
    }

    [Test]
    public async Task A_blob_of_somebody_else_is_as_good()
    {
        Layer layer = await WriteAsync(null, ("a", "hello"));
        byte[] theirs = Encoding.ASCII.GetBytes("their own gzip");
        Descriptor blob = Samples.Blob(theirs, MediaTypes.DockerLayerGzip);
        await Layers.RecordBlobAsync(layer.DiffId, blob);
        Assert.That(await Layers.FindBlobAsync(layer.DiffId), Is.Null, "the image store has it not");
        await Images.PutAsync(blob, new MemoryStream(theirs));
        Assert.That(await Layers.CompressAsync(layer.DiffId, LayerCompression.Gzip), Is.EqualTo(blob));
    }

    [Test]
    public async Task Import_gives_the_table_of_contents_that_writing_gave()
    {
        Layer layer = await WriteAsync(LayerCompression.Gzip, ("a", "hello"), ("b/c", new string('z', 200_000)));
        Descriptor blob = (await Layers.FindBlobAsync(layer.DiffId))!;
        using LayoutStore otherImages = LayoutStore.Open(Folder["images2"]);
        using LayerStore other = LayerStore.Open(Folder["layers2"], otherImages);
        Layer imported = await other.ImportAsync(blob, layer.DiffId, Images);
        Assert.That(imported.Toc.Entries, Is.EqualTo(layer.Toc.Entries));
        Assert.That(imported.Toc.TarSize, Is.EqualTo(layer.Toc.TarSize));
        Assert.That(await otherImages.ContainsAsync(blob), Is.True);
        Assert.That(await other.ImportAsync(blob, layer.DiffId, new MemoryStore()), Is.SameAs(imported), "the second time at once");
    }

    [Test]
    public async Task Another_content_than_promised_is_refused_and_not_kept()
    {
        Layer layer = await WriteAsync(LayerCompression.Gzip, ("a", "hello"));
        Descriptor blob = (await Layers.FindBlobAsync(layer.DiffId))!;
        using LayoutStore images = LayoutStore.Open(Folder["images2"]);
        using LayerStore other = LayerStore.Open(Folder["layers2"], images);
        Assert.That(() => other.ImportAsync(blob, Digest.Of([1]), Images, keepTar: true), Fails("IK1106"));
        Assert.That(await images.ContainsAsync(blob), Is.False);
        Assert.That(Directory.GetFiles(Folder["layers2"], "*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task Broken_blobs_are_refused()
    {
        byte[] text = Encoding.ASCII.GetBytes(new string('x', 2000));
        Assert.That(() => ImportAsync(text), Fails("IK1201"));
        var store = new MemoryStore();
        Descriptor promised = Samples.Blob([1, 2, 3]);
        Assert.That(() => Layers.ImportAsync(promised, Digest.Of([]), store), Fails("IK1101"));
        byte[] evil = TarTests.TarSamples.Tar(TarTests.TarSamples.File("a/../../b", "x"));
        Assert.That(() => ImportAsync(evil), Fails("IK1204"));
        await WriteAsync(LayerCompression.Gzip, ("a", new string('q', 100_000)));
        byte[] cut = (await File.ReadAllBytesAsync(Directory.GetFiles(Folder["images/blobs/sha256"]).Single()))[..^20];
        Assert.That(() => ImportAsync(cut), Fails("IK1208"), "cut off, with the right digest for what is left");
    }

    [Test]
    public async Task Bytes_that_differ_from_the_digest_are_found_though_the_tar_ended_before()
    {
        byte[] tar = TarTests.TarSamples.Tar(TarTests.TarSamples.File("a", "x"));
        Descriptor blob = Samples.Blob([.. tar, 1], MediaTypes.Layer);
        Assert.That(() => Layers.ImportAsync(blob, Digest.Of(tar), new LyingSource([.. tar, 2])), Fails("IK1103"));
        Assert.That(await Layers.FindAsync(Digest.Of(tar)), Is.Null);
    }

    [Test]
    public async Task A_table_of_contents_that_is_torn_or_lost_is_made_again([Values] bool lost, [Values(null, LayerCompression.Gzip)] LayerCompression? compression)
    {
        Layer layer = await WriteAsync(compression, ("a", "hello"), ("b", "x"));
        string toc = Layers.Paths(layer.DiffId).Toc;
        if (lost) File.Delete(toc);
        else await File.WriteAllBytesAsync(toc, (await File.ReadAllBytesAsync(toc))[..^3]);
        using LayerStore again = LayerStore.Open(Folder["layers"], Images);
        Assert.That((await again.FindAsync(layer.DiffId))!.Toc.Entries, Is.EqualTo(layer.Toc.Entries));
        Assert.That(TocFormat.Read(await File.ReadAllBytesAsync(toc)), Is.Not.Null);
    }

    [Test]
    public async Task A_layer_without_any_form_left_is_not_there()
    {
        Layer layer = await WriteAsync(null, ("a", "hello"));
        File.Delete(Layers.Paths(layer.DiffId).Tar);
        Assert.That(await Layers.FindAsync(layer.DiffId), Is.Null);
        Assert.That(() => Layers.OpenTarAsync(layer.DiffId), Fails("IK1207"));
        Assert.That(() => Layers.CompressAsync(layer.DiffId, LayerCompression.Gzip), Fails("IK1207"));
    }

    [Test]
    public async Task A_tar_of_another_size_is_made_again()
    {
        Layer layer = await WriteAsync(LayerCompression.Gzip, ("a", "hello"));
        (await Layers.OpenTarAsync(layer.DiffId)).Dispose();
        await File.WriteAllTextAsync(Layers.Paths(layer.DiffId).Tar, "torn");
        await using FileStream tar = await Layers.OpenTarAsync(layer.DiffId);
        Assert.That(tar.Length, Is.EqualTo(layer.Toc.TarSize));
    }

    [Test]
    public async Task Many_writers_of_one_layer_agree()
    {
        PendingLayer[] pending = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Layers.WriteAsync(Items(("a", "hello")), new() { Compression = LayerCompression.Gzip, KeepTar = true })));
        using LayerStore other = LayerStore.Open(Folder["layers"], Images);
        await Task.WhenAll(pending.Select(layer => layer.CommitAsync()));
        foreach (PendingLayer layer in pending) await layer.DisposeAsync();
        Assert.That(pending.Select(layer => layer.Layer.DiffId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await other.FindAsync(pending[0].Layer.DiffId), Is.Not.Null);
        Assert.That(Directory.GetFiles(Folder["layers/tmp"]), Is.Empty);
    }

    [Test]
    public async Task Nothing_at_all_is_the_empty_layer()
    {
        Layer layer = await WriteAsync(LayerCompression.Gzip);
        Assert.That(layer.DiffId, Is.EqualTo(EmptyLayer.DiffId));
        Assert.That($"{EmptyLayer.DiffId}", Is.EqualTo("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"));
        Assert.That(EmptyLayer.Toc.TarSize, Is.EqualTo(layer.Toc.TarSize));
        Assert.That((await Layers.FindBlobAsync(layer.DiffId))!.Size, Is.LessThan(50));
    }

    [Test]
    public async Task A_file_of_a_layer_goes_into_another_under_a_new_path()
    {
        Layer first = await WriteAsync(LayerCompression.Gzip, ("a", "hello"), ("b", new string('b', 5000)));
        TocEntry source = first.Toc.Entries[1];
        await using PendingLayer second = await Layers.WriteAsync([new(source with { Path = "x/y" }, Layers.Origin(first.DiffId), source)]);
        Assert.That(second.Layer.Toc.Entries.Single().ContentHash, Is.EqualTo(source.ContentHash));
    }

    [TestCase(-1, TestName = "A file that shrank while it was read is an error")]
    [TestCase(+1, TestName = "A file that grew while it was read is an error")]
    public void A_file_that_changed_is_an_error(int difference)
    {
        foreach (int size in new[] { 10, 3_000_000 })
        {
            File.WriteAllBytes(Folder["f"], new byte[size]);
            using var root = ImageKit.Posix.DirectoryRoot.Open(Folder.Path);
            var entry = new TocEntry { Path = "f", Kind = EntryKind.File, Size = size - difference };
            Assert.That(() => Layers.WriteAsync([new(entry, new DirectoryOrigin(root))], new() { Compression = LayerCompression.Gzip }), Fails("IK1205"));
            Assert.That(() => Layers.WriteAsync([new(entry, new MemoryOrigin(new byte[size]))]), Fails("IK1205"));
        }
        Assert.That(Directory.GetFiles(Folder["layers/tmp"]), Is.Empty);
    }

    [Test]
    public void A_file_with_other_bytes_than_known_is_an_error() => Assert.That(() => Layers.WriteAsync(
        [new(new() { Path = "f", Kind = EntryKind.File, Size = 3, ContentHash = Hash256.Of("abc"u8) }, new MemoryOrigin("abd"u8.ToArray()))]), Fails("IK1205"));

    [Test]
    public void Cancelling_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        IEnumerable<LayerItem> Endless()
        {
            for (int i = 0; ; i++)
            {
                if (i == 100) cancel.Cancel();
                yield return Item($"f{i}", new string('x', 100_000));
            }
        }
        Assert.That(() => Layers.WriteAsync(Endless(), new() { Compression = LayerCompression.Gzip }, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(Folder["layers/tmp"]), Is.Empty);
        Assert.That(Directory.GetFiles(Folder["images/.imagekit/ingest"]), Is.Empty);
    }

    [Test]
    public async Task Old_drafts_whose_writer_died_are_swept()
    {
        string old = Folder["layers/tmp/old"], young = Folder["layers/tmp/young"], held = Folder["layers/tmp/held"];
        foreach (string path in new[] { old, young, held }) await File.WriteAllTextAsync(path, "x");
        await using var writer = new FileStream(held, FileMode.Open, FileAccess.Write, FileShare.None);
        foreach (string path in new[] { old, held }) File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
        LayerStore.Open(Folder["layers"], Images).Dispose();
        Assert.That((File.Exists(old), File.Exists(young), File.Exists(held)), Is.EqualTo((false, true, true)));
    }

    [Test]
    public async Task Sparse_files_of_foreignLayers_are_whole()
    {
        byte[] tar = TarTests.TarSamples.Tar(TarTests.TarSamples.Pax('x', "GNU.sparse.map=2,3,100000,4", "GNU.sparse.size=100010", "GNU.sparse.name=s"), TarTests.TarSamples.File("GNUSparse/s", "abcdefg"));
        Layer layer = await ImportAsync(tar);
        TocEntry entry = layer.Toc.Entries.Single();
        byte[] content = await Samples.ReadAllAsync(await Layers.Origin(layer.DiffId).OpenAsync(entry, default));
        Assert.That((entry.Path, content.Length, Hash256.Of(content)), Is.EqualTo(("s", 100_010, entry.ContentHash)));
        Assert.That((content[1], content[2], content[4], content[5], content[99_999], content[100_003], content[100_004]), Is.EqualTo((0, 'a', 'c', 0, 0, 'g', 0)));
        await using PendingLayer copy = await Layers.WriteAsync([new(entry with { Path = "t" }, Layers.Origin(layer.DiffId), entry)]);
        Assert.That(copy.Layer.Toc.Entries.Single().ContentHash, Is.EqualTo(entry.ContentHash));
    }

    private async Task<Layer> ImportAsync(byte[] blobBytes)
    {
        var store = new MemoryStore();
        Descriptor blob = Samples.Blob(blobBytes, MediaTypes.Layer);
        await store.PutAsync(blob, new MemoryStream(blobBytes));
        return await Layers.ImportAsync(blob, blob.Digest, store);
    }

    private async Task<Layer> WriteAsync(LayerCompression? compression, params (string Path, string Content)[] files)
    {
        await using PendingLayer pending = await Layers.WriteAsync(Items(files), new() { Compression = compression });
        await pending.CommitAsync();
        return pending.Layer;
    }

    private static IEnumerable<LayerItem> Items(params (string Path, string Content)[] files) => files.Select(file => Item(file.Path, file.Content));

    private static LayerItem Item(string path, string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        return new(new() { Path = path, Kind = EntryKind.File, Mode = 0x1A4, Size = bytes.Length }, new MemoryOrigin(bytes));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Fails(string code) => Throws.TypeOf<ContentException>().With.Property("Code").EqualTo(code);

    private sealed class LyingSource(byte[] bytes) : IContentSource
    {
        public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => Task.FromResult<Descriptor?>(null);

        public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(bytes), blob));
    }
}
