using ImageKit.Oci;

namespace ImageKit.Registry.Tests;

/// <summary>Against Debian's docker-registry, with skopeo as judge.</summary>
internal sealed class RealRegistryTests
{
    private RealRegistry _registry = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _registry = await RealRegistry.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    [Test]
    public async Task What_was_pushed_comes_back_with_the_same_digests()
    {
        SmallImage image = await SmallImage.MakeAsync(1, 3_000_000, 10, 0);
        using RegistryClient client = Client();
        RegistryRepository repository = client.Repository(Reference("ours/back"));

        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync("v1", image.Root);

        MemoryStore pulled = new();
        Descriptor? root = await repository.ResolveAsync("v1");
        Assert.That(root, Is.Not.Null);
        CopyResult result = await ContentCopy.CopyAsync(repository, pulled, root!);
        Assert.Multiple(() =>
        {
            Assert.That(root!.Digest, Is.EqualTo(image.Root.Digest));
            Assert.That(result.BlobsWritten, Is.EqualTo(5));
        });
    }

    [Test]
    public async Task Skopeo_reads_what_we_pushed()
    {
        SmallImage image = await SmallImage.MakeAsync(2, 100_000, 200_000);
        using RegistryClient client = Client();
        RegistryRepository repository = client.Repository(Reference("ours/skopeo"));
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync("v1", image.Root);

        using TemporaryFolder folder = new();
        await Tool.RunAsync("skopeo", "copy", "--src-tls-verify=false", $"docker://{_registry.Host}/ours/skopeo:v1", $"oci:{folder.Path}/out:v1");
        using LayoutStore layout = LayoutStore.Open(Path.Combine(folder.Path, "out"));
        Assert.That((await layout.ResolveAsync("v1"))?.Digest, Is.EqualTo(image.Root.Digest));
    }

    [Test]
    public async Task We_pull_what_skopeo_pushed()
    {
        SmallImage image = await SmallImage.MakeAsync(3, 100_000, 5);
        using TemporaryFolder folder = new();
        using (LayoutStore layout = LayoutStore.Open(Path.Combine(folder.Path, "in")))
        {
            await ContentCopy.CopyAsync(image.Store, layout, image.Root);
            await layout.TagAsync("v1", image.Root);
        }
        await Tool.RunAsync("skopeo", "copy", "--dest-tls-verify=false", $"oci:{folder.Path}/in:v1", $"docker://{_registry.Host}/theirs/in:v1");

        using RegistryClient client = Client();
        RegistryRepository repository = client.Repository(Reference("theirs/in"));
        Descriptor? root = await repository.ResolveAsync("v1");
        MemoryStore pulled = new();
        await ContentCopy.CopyAsync(repository, pulled, root!);
        Assert.That(root!.Digest, Is.EqualTo(image.Root.Digest));
    }

    private RegistryClient Client() => new(new RegistryOptions { Credentials = CredentialSources.Anonymous });

    private ImageReference Reference(string repository) => ImageReference.Parse($"{_registry.Host}/{repository}");
}
