using System.Collections.Immutable;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Layers;

public class ImageIntakeTests
{
    private TemporaryFolder _folder = null!;
    private LayoutStore _images = null!;
    private LayerStore _layers = null!;

    [SetUp]
    public void Begin()
    {
        _folder = new();
        _images = LayoutStore.Open(_folder["images"]);
        _layers = LayerStore.Open(_folder["layers"], _images);
    }

    [TearDown]
    public void End()
    {
        _layers.Dispose();
        _images.Dispose();
        _folder.Dispose();
    }

    [TestCase(LayerEncoding.Gzip)]
    [TestCase(LayerEncoding.Zstd)]
    [TestCase(LayerEncoding.None)]
    [TestCase(LayerEncoding.Estargz)]
    [TestCase(LayerEncoding.ZstdChunked)]
    public async Task A_copy_makes_the_tables_of_contents_while_the_layers_arrive(LayerEncoding encoding)
    {
        Image image = await SourceAsync(encoding);
        OnceOnly source = new(image.Source);
        await ContentCopy.CopyAsync(source, new ImageIntake(_layers), image.Descriptor);
        foreach (ImageLayer layer in await image.GetLayersAsync())
        {
            Layer known = (await _layers.FindAsync(layer.DiffId))!;
            Assert.That(known.Toc.Entries.Select(entry => entry.Path), Has.Member("etc/big"));
            Assert.That(known.Toc.DiffId, Is.EqualTo(layer.DiffId));
            Assert.That(await _layers.FindBlobAsync(layer.DiffId), Is.Not.Null);
        }
    }

    [Test]
    public async Task What_broke_in_mid_blob_goes_on_and_the_table_is_of_the_whole()
    {
        Image image = await SourceAsync(LayerEncoding.Gzip);
        ImageLayer layer = (await image.GetLayersAsync())[0];
        OnceOnly source = new(image.Source) { IsRemote = true, BreakAt = 2_000_000 };
        Assert.That(() => ContentCopy.CopyAsync(source, new ImageIntake(_layers), image.Descriptor), Throws.InstanceOf<IOException>());
        Assert.That(await _layers.FindAsync(layer.DiffId), Is.Null);
        await ContentCopy.CopyAsync(new OnceOnly(image.Source) { IsRemote = true, OnlyFrom = 2_000_000 }, new ImageIntake(_layers), image.Descriptor);
        Assert.That((await _layers.FindAsync(layer.DiffId))!.Toc.Entries.Select(entry => entry.Path), Has.Member("etc/big"));
    }

    [Test]
    public async Task Layers_that_are_not_those_of_the_configuration_are_refused()
    {
        Image image = await SourceAsync(LayerEncoding.Gzip);
        ImageManifest manifest = await image.GetManifestAsync();
        ImageConfig config = await image.GetConfigAsync();
        Document<ImageConfig> other = Documents.WriteConfig(config with { Rootfs = config.Rootfs with { DiffIds = [Digest.Of([1])] } });
        Document<ImageManifest> forged = Documents.WriteManifest(manifest with { Config = other.Descriptor });
        MemoryStore source = new();
        await other.PutAsync(source);
        await source.PutAsync(manifest.Layers[0], await image.Source.OpenAsync(manifest.Layers[0]));
        await forged.PutAsync(source);
        Assert.That(() => ContentCopy.CopyAsync(source, new ImageIntake(_layers), forged.Descriptor), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1106"));
        Assert.That(await _images.ContainsAsync(forged.Descriptor), Is.False);
    }

    [Test]
    public async Task A_layer_that_is_no_tar_is_copied_all_the_same()
    {
        MemoryStore source = new();
        byte[] bytes = Samples.Bytes(3_000_000);
        Descriptor layer = new() { MediaType = MediaTypes.LayerGzip, Digest = Digest.Of(bytes), Size = bytes.Length };
        await source.PutAsync(layer, new MemoryStream(bytes));
        ImageIntake target = new(_layers);
        await target.PutAsync(layer, source, null);
        Assert.That(await _images.ContainsAsync(layer), Is.True);
    }

    [Test]
    public async Task Many_small_layers_arrive_at_once()
    {
        Image image = Image.Empty(Platform.LinuxAmd64);
        for (int i = 0; i < 60; i++)
        {
            int number = i;
            image = image.With(edit => edit.Layer("/etc", layer => layer.AddFile($"file{number}", $"{number}")));
        }
        using LayoutStore images = LayoutStore.Open(_folder["many-images"]);
        using LayerStore layers = LayerStore.Open(_folder["many-layers"], images);
        image = await image.WriteAsync(layers);
        await ContentCopy.CopyAsync(images, new ImageIntake(_layers), image.Descriptor);
        foreach (ImageLayer layer in await image.GetLayersAsync()) Assert.That(await _layers.FindAsync(layer.DiffId), Is.Not.Null);
    }

    private async Task<Image> SourceAsync(LayerEncoding encoding)
    {
        LayoutStore images = LayoutStore.Open(_folder["source-images"]);
        using LayerStore layers = LayerStore.Open(_folder["source-layers"], images);
        Image image = await Image.Empty(Platform.LinuxAmd64).With(i => i.Layer("/etc", l => l.AddFile("big", Samples.Bytes(5_000_000)).AddFile("small", "small"))).WriteAsync(layers);
        return await new ImageConversion { Layers = encoding }.ConvertAsync(image, layers);
    }

    /// <summary>A source that gives each blob once, and may break.</summary>
    private sealed class OnceOnly(IContentSource below) : IContentSource
    {
        private readonly HashSet<Digest> _given = [];

        public bool IsRemote { get; init; }

        public long? BreakAt { get; init; }

        public long? OnlyFrom { get; init; }

        public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => below.ResolveAsync(name, cancel);

        public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
        {
            lock (_given) if (!_given.Add(blob.Digest)) throw new AssertionException($"{blob.Digest} was read twice.");
            Stream content = await below.OpenAsync(blob, cancel);
            if (blob.Size < 1_000_000) return content;
            Assert.That(OnlyFrom, Is.Null, "the large blob is gone on with");
            return BreakAt is { } at ? new VerifyingStream(new Breaking(content, at), blob) : content;
        }

        public Task<Stream> OpenFromAsync(Descriptor blob, long from, CancellationToken cancel = default)
        {
            Assert.That(from, Is.EqualTo(OnlyFrom));
            return below.OpenFromAsync(blob, from, cancel);
        }
    }

    private sealed class Breaking(Stream inner, long at) : ReadOnlyStream
    {
        private long _left = at;

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0) throw new IOException("The connection broke.");
            int read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }
}
