using ImageKit.Oci;
using ImageKit.Testing;

namespace ImageKit.Registry.Tests;

/// <summary>Blobs that lie in the `data` of their descriptors.</summary>
internal sealed class EmbeddedContentTests
{
    [TestCase("{}", false, TestName = "What a descriptor holds is not asked for")]
    [TestCase("[]", true, TestName = "Data of another digest is not believed: the blob is asked for")]
    [TestCase("{ }", true, TestName = "Data of another size is not believed")]
    public async Task Data(string data, bool asked)
    {
        using InMemoryRegistry registry = new();
        using RegistryClient client = new(registry.CreateOptions());
        RegistryRepository repository = client.Repository(ImageReference.Parse("registry.test/a/b"));
        Descriptor config = await SmallImage.PutAsync(repository, MediaTypes.Empty, "{}"u8.ToArray());
        Document<ImageManifest> manifest = Documents.WriteManifest(new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            ArtifactType = "a/b",
            Config = config with { Data = System.Text.Encoding.ASCII.GetBytes(data) },
            Layers = [config],
        });
        await manifest.PutAsync(repository);
        registry.ForgetRequests();
        MemoryStore pulled = new();
        await ContentCopy.CopyAsync(client.Repository(ImageReference.Parse("registry.test/a/b")), pulled, manifest.Descriptor);
        Assert.That(await pulled.ContainsAsync(config), Is.True);
        Assert.That(registry.Requests.Count(request => request.Url.AbsolutePath.Contains("/blobs/", StringComparison.Ordinal)), Is.EqualTo(asked ? 1 : 0));
    }
}
