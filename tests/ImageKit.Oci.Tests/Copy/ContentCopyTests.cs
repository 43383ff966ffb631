using System.Collections.Concurrent;
using ImageKit.Oci.Tests.Stores;

namespace ImageKit.Oci.Tests.Copy;

public class ContentCopyTests
{
    private MemoryStore _source = new();
    private MemoryStore _target = new();

    [SetUp]
    public void Begin() => (_source, _target) = (new(), new());

    [Test]
    public async Task An_index_arrives_whole_and_a_second_copy_moves_nothing()
    {
        Descriptor root = await TwoPlatformsAsync();
        CopyResult first = await ContentCopy.CopyAsync(_source, _target, root);
        Assert.That(_target.Blobs, Is.EqualTo(_source.Blobs));
        Assert.That((first.Root, first.BlobsWritten, first.BlobsSkipped), Is.EqualTo((root, 9, 0)));
        CopyResult second = await ContentCopy.CopyAsync(_source, _target, root);
        Assert.That((second.BytesWritten, second.BlobsWritten, second.BlobsSkipped), Is.EqualTo((0L, 0, 9)));
    }

    [Test]
    public async Task Nothing_is_written_before_what_it_points_to()
    {
        Descriptor root = await TwoPlatformsAsync();
        var order = new RecordingStore(_target);
        await ContentCopy.CopyAsync(_source, order, root);
        Assert.That(order.Put[^1], Is.EqualTo(root.Digest));
        foreach (Descriptor manifest in (await Documents.ReadIndexAsync(_source, root)).Value.Manifests)
        {
            ImageManifest image = (await Documents.ReadManifestAsync(_source, manifest)).Value;
            foreach (Descriptor leaf in image.Layers.Add(image.Config))
                Assert.That(order.Put.IndexOf(leaf.Digest), Is.LessThan(order.Put.IndexOf(manifest.Digest)));
        }
    }

    [Test]
    public async Task One_platform_makes_its_manifest_the_root()
    {
        Descriptor root = await TwoPlatformsAsync();
        CopyResult result = await ContentCopy.CopyAsync(_source, _target, root, new() { Platforms = [Platform.LinuxArm64] });
        Assert.That(MediaTypes.IsManifest(result.Root.MediaType), Is.True);
        Assert.That((await new Image(_target, result.Root).GetConfigAsync()).Architecture, Is.EqualTo("arm64"));
        Assert.That(_target.Blobs, Has.Length.EqualTo(4));
    }

    [Test]
    public async Task Several_platforms_make_an_index_of_them_alone_with_their_attestations()
    {
        Descriptor amd = await Samples.PutImageAsync(_source, "amd"), arm = await Samples.PutImageAsync(_source, "arm", Platform.LinuxArm64);
        Descriptor power = await Samples.PutImageAsync(_source, "power", Platform.Parse("linux/ppc64le"));
        Descriptor proof = (await Samples.PutImageAsync(_source, "proof")) with { Annotations = Note(arm.Digest) };
        Descriptor otherProof = (await Samples.PutImageAsync(_source, "other")) with { Annotations = Note(power.Digest) };
        var unknown = new Platform { Os = "unknown", Architecture = "unknown" };
        Descriptor root = await Samples.PutIndexAsync(_source, (amd, Platform.LinuxAmd64), (arm, Platform.LinuxArm64), (power, Platform.Parse("linux/ppc64le")), (proof, unknown), (otherProof, unknown));
        CopyResult result = await ContentCopy.CopyAsync(_source, _target, root, new() { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });
        IndexManifest index = (await Documents.ReadIndexAsync(_target, result.Root)).Value;
        Assert.That(index.Manifests.Select(entry => entry.Digest), Is.EqualTo(new[] { amd.Digest, arm.Digest, proof.Digest }));
        Assert.That(_target.Blobs, Does.Not.Contain(power.Digest));
        Assert.That(_source.Blobs, Does.Not.Contain(result.Root.Digest), "the new index belongs to the target");
    }

    [Test]
    public async Task All_platforms_asked_for_by_name_keep_the_index_as_it_is()
    {
        Descriptor root = await TwoPlatformsAsync();
        CopyResult result = await ContentCopy.CopyAsync(_source, _target, root, new() { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });
        Assert.That(result.Root, Is.EqualTo(root));
    }

    [Test]
    public async Task A_platform_that_is_not_there_is_an_error_that_lists_those_there_are()
    {
        Descriptor root = await TwoPlatformsAsync();
        Assert.That(() => ContentCopy.CopyAsync(_source, _target, root, new() { Platforms = [Platform.Parse("linux/s390x")] }),
            Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1008").And.Message.Contains("linux/amd64, linux/arm64"));
        Assert.That(_target.Blobs, Is.Empty);
    }

    [Test]
    public async Task Foreign_layers_stay_where_they_are()
    {
        byte[] local = Samples.Bytes(100);
        Descriptor layer = Samples.Blob(local, MediaTypes.Layer);
        await _source.PutAsync(layer, new MemoryStream(local));
        var foreign = new Descriptor { MediaType = MediaTypes.DockerForeignLayerGzip, Digest = Digest.Of("windows"u8), Size = 9_000_000_000, Urls = ["https://example.com/base"] };
        Descriptor root = await PutManifestAsync(foreign, layer);
        CopyResult result = await ContentCopy.CopyAsync(_source, _target, root);
        Assert.That(result.BlobsWritten, Is.EqualTo(3));
    }

    [Test]
    public async Task A_missing_layer_is_an_error_and_the_manifest_is_not_written()
    {
        Descriptor root = await PutManifestAsync(Samples.Blob(Samples.Bytes(10), MediaTypes.Layer));
        Assert.That(() => ContentCopy.CopyAsync(_source, _target, root), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1101"));
        Assert.That(_target.Blobs, Does.Not.Contain(root.Digest));
    }

    [Test]
    public async Task A_source_that_lies_is_found_out()
    {
        Descriptor root = await Samples.PutImageAsync(_source);
        Assert.That(() => ContentCopy.CopyAsync(new LyingSource(_source), _target, root), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
        Assert.That(_target.Blobs, Does.Not.Contain(root.Digest));
    }

    [Test]
    public async Task A_copy_that_broke_goes_on_where_it_was()
    {
        Descriptor root = await Samples.PutImageAsync(_source, layers: 6);
        var failing = new RecordingStore(_target) { FailAfter = 3 };
        Assert.That(() => ContentCopy.CopyAsync(_source, failing, root, new() { Width = new() { Small = 1 } }), Throws.TypeOf<IOException>());
        CopyResult rest = await ContentCopy.CopyAsync(_source, _target, root);
        Assert.That((rest.BlobsWritten, rest.BlobsSkipped), Is.EqualTo((5, 3)));
    }

    [Test]
    public async Task Progress_tells_every_blob_to_its_end()
    {
        Descriptor root = await Samples.PutImageAsync(_source, layerBytes: 500_000);
        var events = new Events();
        await ContentCopy.CopyAsync(_source, _target, root, progress: events);
        foreach (Digest digest in _source.Blobs)
        {
            TransferEvent[] mine = [.. events.All.Where(e => e.Blob.Digest == digest)];
            Assert.That(mine[0].State, Is.EqualTo(TransferState.Started));
            Assert.That((mine[^1].State, mine[^1].Bytes), Is.EqualTo((TransferState.Completed, mine[^1].Total)));
            Assert.That(mine.Select(e => e.Bytes), Is.Ordered);
        }
        events.All.Clear();
        await ContentCopy.CopyAsync(_source, _target, root, progress: events);
        Assert.That(events.All.Select(e => e.State), Is.All.EqualTo(TransferState.Skipped).And.Exactly(4).Items);
    }

    [Test]
    public async Task No_more_blobs_move_at_once_than_the_width_allows([Values] bool large)
    {
        Descriptor root = await Samples.PutImageAsync(_source, layers: 12, layerBytes: 2000);
        var slow = new RecordingStore(_target) { Delay = TimeSpan.FromMilliseconds(20) };
        TransferWidth width = large ? new() { Large = 2, LargeBytes = 1000 } : new() { Small = 3 };
        await ContentCopy.CopyAsync(_source, slow, root, new() { Width = width });
        Assert.That(slow.MostAtOnce, Is.AtMost(3), "2 large ones and the config beside them, or 3 small ones");
    }

    [Test]
    public async Task A_blob_that_the_target_can_mount_is_not_opened()
    {
        Descriptor root = await Samples.PutImageAsync(_source);
        ImageManifest manifest = (await Documents.ReadManifestAsync(_source, root)).Value;
        var mounting = new RecordingStore(_target) { Mountable = manifest.Layers[0].Digest };
        var events = new Events();
        CopyResult result = await ContentCopy.CopyAsync(_source, mounting, root, progress: events);
        Assert.That((result.BlobsWritten, result.BlobsSkipped), Is.EqualTo((3, 1)));
        Assert.That(events.All.Single(e => e.Blob.Digest == mounting.Mountable).State, Is.EqualTo(TransferState.Mounted));
    }

    [Test]
    public async Task A_whole_graph_that_a_registry_has_is_asked_for_once()
    {
        Descriptor root = await TwoPlatformsAsync();
        await ContentCopy.CopyAsync(_source, _target, root);
        var registry = new RecordingStore(_target) { KeepsGraphsWhole = true };
        CopyResult result = await ContentCopy.CopyAsync(_source, registry, root);
        Assert.That((registry.Asked, result.BlobsSkipped), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_cancelled_copy_ends_with_the_callers_token()
    {
        Descriptor root = await Samples.PutImageAsync(_source, layers: 8);
        using var stop = new CancellationTokenSource();
        var slow = new RecordingStore(_target) { Delay = TimeSpan.FromSeconds(30) };
        Task copy = ContentCopy.CopyAsync(_source, slow, root, cancel: stop.Token);
        stop.CancelAfter(50);
        Assert.That(async () => await copy, Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(stop.Token));
    }

    [Test]
    public async Task A_graph_that_nests_too_deep_is_refused()
    {
        Descriptor root = await Samples.PutImageAsync(_source);
        for (int i = 0; i < 8; i++) root = await Samples.PutIndexAsync(_source, (root, Platform.LinuxAmd64));
        Assert.That(() => ContentCopy.CopyAsync(_source, _target, root), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1007"));
    }

    [Test]
    public async Task A_single_blob_can_be_copied()
    {
        byte[] content = Samples.Bytes(100);
        await _source.PutAsync(Samples.Blob(content), new MemoryStream(content));
        CopyResult result = await ContentCopy.CopyAsync(_source, _target, Samples.Blob(content));
        Assert.That((result.BytesWritten, result.BlobsWritten), Is.EqualTo((100L, 1)));
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Note(Digest image) =>
        System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("vnd.docker.reference.digest", image.ToString());

    private async Task<Descriptor> TwoPlatformsAsync() => await Samples.PutIndexAsync(_source,
        (await Samples.PutImageAsync(_source, "amd"), Platform.LinuxAmd64), (await Samples.PutImageAsync(_source, "arm", Platform.LinuxArm64), Platform.LinuxArm64));

    private async Task<Descriptor> PutManifestAsync(params Descriptor[] layers)
    {
        Document<ImageConfig> config = Documents.WriteConfig(new() { Os = "linux", Architecture = "amd64", Rootfs = new() { DiffIds = [] } });
        await config.PutAsync(_source);
        Document<ImageManifest> manifest = Documents.WriteManifest(new() { SchemaVersion = 2, MediaType = MediaTypes.Manifest, Config = config.Descriptor, Layers = [.. layers] });
        await manifest.PutAsync(_source);
        return manifest.Descriptor;
    }

    private sealed class Events : IProgress<TransferEvent>
    {
        public ConcurrentQueue<TransferEvent> All { get; } = new();

        public void Report(TransferEvent value) => All.Enqueue(value);
    }

    /// <summary>A source of somebody's own making, which checks nothing and flips a bit of every layer.</summary>
    private sealed class LyingSource(IContentSource below) : IContentSource
    {
        public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => below.ResolveAsync(name, cancel);

        public async Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default)
        {
            byte[] bytes = await Samples.ReadAllAsync(await below.OpenAsync(blob, cancel));
            if (blob.MediaType == MediaTypes.Layer) bytes[0] ^= 1;
            return new MemoryStream(bytes);
        }
    }

    /// <summary>A store that notes what happens to it, and can be slow, break, or mount.</summary>
    private sealed class RecordingStore(MemoryStore below) : IContentStore
    {
        private readonly Lock _lock = new();
        private int _now;

        public List<Digest> Put { get; } = [];

        public int MostAtOnce { get; private set; }

        public int Asked { get; private set; }

        public int FailAfter { get; init; } = int.MaxValue;

        public TimeSpan Delay { get; init; }

        public Digest Mountable { get; init; }

        public bool KeepsGraphsWhole { get; init; }

        public Task<Descriptor?> ResolveAsync(string name, CancellationToken cancel = default) => below.ResolveAsync(name, cancel);

        public Task<Stream> OpenAsync(Descriptor blob, CancellationToken cancel = default) => below.OpenAsync(blob, cancel);

        public Task<bool> ContainsAsync(Descriptor blob, CancellationToken cancel = default)
        {
            lock (_lock) Asked++;
            return below.ContainsAsync(blob, cancel);
        }

        public Task<bool> TryMountAsync(Descriptor blob, IContentSource source, CancellationToken cancel = default) => Task.FromResult(blob.Digest == Mountable);

        public async Task PutAsync(Descriptor blob, Stream content, CancellationToken cancel = default)
        {
            lock (_lock)
            {
                if (Put.Count >= FailAfter) throw new IOException("The cable is out.");
                MostAtOnce = Math.Max(MostAtOnce, ++_now);
                Put.Add(blob.Digest);
            }
            await Task.Delay(Delay, cancel);
            await below.PutAsync(blob, content, cancel);
            lock (_lock) _now--;
        }

        public Task TagAsync(string tag, Descriptor root, CancellationToken cancel = default) => below.TagAsync(tag, root, cancel);
    }
}
