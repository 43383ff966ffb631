using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>Pulls into a store on disk that break off, and go on later where they were.</summary>
internal sealed class ResumedPullTests
{
    private const int Size = 3_000_000;

    [Test]
    public async Task The_next_try_fetches_only_the_rest()
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        using TemporaryFolder folder = new();
        registry.Inject(new() { Method = "GET", Path = "/blobs/", CutAfter = 2_000_000 });
        using (LayoutStore store = LayoutStore.Open(folder.Path))
        {
            Assert.That(() => PullAsync(registry, store, blob), Throws.TypeOf<RegistryException>());
            Assert.That(await store.ContainsAsync(blob), Is.False);
            Assert.That(store.EnumerateBlobs(), Is.Empty);
        }
        registry.ForgetRequests();
        using LayoutStore again = LayoutStore.Open(folder.Path);
        await PullAsync(registry, again, blob);
        Assert.Multiple(() =>
        {
            Assert.That(registry.Requests.Single().Header("Range"), Is.EqualTo("bytes=2000000-"));
            Assert.That(Digest.Of(File.ReadAllBytes(again.GetPath(blob.Digest))), Is.EqualTo(blob.Digest));
            Assert.That(Leftovers(folder), Is.Empty);
        });
    }

    [Test]
    public async Task A_cancelled_pull_goes_on_where_it_was()
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        using TemporaryFolder folder = new();
        using LayoutStore store = LayoutStore.Open(folder.Path);
        registry.Inject(new() { Method = "GET", Path = "/blobs/", StallAfter = 2_000_000 });
        using CancellationTokenSource cancel = new(500);
        await Assert.CatchAsync<OperationCanceledException>(() => PullAsync(registry, store, blob, cancel.Token));
        registry.ForgetRequests();
        await PullAsync(registry, store, blob);
        Assert.That(registry.Requests.Single().Header("Range"), Is.EqualTo("bytes=2000000-"));
    }

    [Test]
    public async Task What_was_kept_and_is_wrong_is_fetched_anew()
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        using TemporaryFolder folder = new();
        using LayoutStore store = LayoutStore.Open(folder.Path);
        string partial = Path.Combine(folder.Path, ".imagekit", "partial", "sha256-" + blob.Digest.Encoded);
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        await File.WriteAllBytesAsync(partial, new byte[100_000]);
        await PullAsync(registry, store, blob);
        Assert.Multiple(() =>
        {
            Assert.That(Digest.Of(File.ReadAllBytes(store.GetPath(blob.Digest))), Is.EqualTo(blob.Digest));
            Assert.That(Leftovers(folder), Is.Empty);
        });
    }

    [Test]
    public async Task Wrong_bytes_are_not_kept()
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        using TemporaryFolder folder = new();
        using LayoutStore store = LayoutStore.Open(folder.Path);
        registry.Inject(new() { Method = "GET", Path = "/blobs/", FlipAt = 1234, Times = 99 });
        Assert.That(() => PullAsync(registry, store, blob), Throws.TypeOf<ContentException>().With.Property("Code").EqualTo("IK1103"));
        Assert.That(Leftovers(folder), Is.Empty);
        Assert.That(store.EnumerateBlobs(), Is.Empty);
    }

    [Test]
    public async Task Two_pulls_of_one_blob_at_once_both_end_well()
    {
        using InMemoryRegistry registry = new();
        Descriptor blob = await SeedAsync(registry);
        using TemporaryFolder folder = new();
        using LayoutStore store = LayoutStore.Open(folder.Path), other = LayoutStore.Open(folder.Path);
        await Task.WhenAll(PullAsync(registry, store, blob), PullAsync(registry, other, blob), PullAsync(registry, store, blob));
        Assert.That(Digest.Of(File.ReadAllBytes(store.GetPath(blob.Digest))), Is.EqualTo(blob.Digest));
        Assert.That(Leftovers(folder), Is.Empty);
    }

    private static string[] Leftovers(TemporaryFolder folder) =>
        [.. Directory.GetFiles(Path.Combine(folder.Path, ".imagekit"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("index.lock", StringComparison.Ordinal))];

    private static async Task<Descriptor> SeedAsync(InMemoryRegistry registry)
    {
        using RegistryClient client = new(registry.CreateOptions());
        Descriptor blob = await SmallImage.PutAsync(Repository(client), MediaTypes.LayerGzip, SmallImage.RandomBytes(8, Size));
        registry.ForgetRequests();
        return blob;
    }

    private static async Task PullAsync(InMemoryRegistry registry, LayoutStore store, Descriptor blob, CancellationToken cancel = default)
    {
        using RegistryClient client = new(registry.CreateOptions() with { Retries = new() { Attempts = 1 } });
        await ContentCopy.CopyAsync(Repository(client), store, blob, cancel: cancel);
    }

    private static RegistryRepository Repository(RegistryClient client) => client.Repository(ImageReference.Parse("registry.test/a/b"));
}
