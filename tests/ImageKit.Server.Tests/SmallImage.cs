using System.IO.Compression;
using System.Text;
using ImageKit.Oci;
using ImageKit.Registry;
using ImageKit.Testing;

namespace ImageKit.Server.Tests;

/// <summary>An image of two layers, pushed somewhere.</summary>
internal sealed record SmallImage(MemoryStore Store, Descriptor Root)
{
    public static async Task<SmallImage> MakeAsync(int seed = 1, int layerBytes = 100_000)
    {
        MemoryStore store = new();
        List<Descriptor> layers = [];
        for (int number = 0; number < 2; number++)
        {
            byte[] bytes = new byte[layerBytes];
            new Random((seed * 100) + number).NextBytes(bytes);
            using MemoryStream packed = new(); // skopeo packs what is not
            using (GZipStream gzip = new(packed, CompressionLevel.Fastest)) gzip.Write(bytes);
            layers.Add(await PutAsync(store, MediaTypes.LayerGzip, packed.ToArray()));
        }
        Descriptor config = await PutAsync(store, MediaTypes.Config, Encoding.UTF8.GetBytes($$"""{"architecture":"amd64","os":"linux","author":"{{seed}}","rootfs":{"type":"layers","diff_ids":["{{layers[0].Digest}}","{{layers[1].Digest}}"] } }"""));
        string list = string.Join(',', layers.Select(layer => $$"""{"mediaType":"{{layer.MediaType}}","digest":"{{layer.Digest}}","size":{{layer.Size}} }"""));
        Descriptor root = await PutAsync(store, MediaTypes.Manifest, Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{config.Digest}}","size":{{config.Size}} },"layers":[{{list}}]}"""));
        return new(store, root);
    }

    public static async Task<SmallImage> PushAsync(InMemoryRegistry registry, string repository, string tag, int seed = 1)
    {
        using RegistryClient client = new(registry.CreateOptions());
        return await PushAsync(client, $"{registry.Host}/{repository}", tag, seed);
    }

    public static async Task<SmallImage> PushAsync(RegistryClient client, string name, string tag, int seed = 1)
    {
        SmallImage image = await MakeAsync(seed);
        RegistryRepository repository = client.Repository(ImageReference.Parse(name));
        await ContentCopy.CopyAsync(image.Store, repository, image.Root);
        await repository.TagAsync(tag, image.Root);
        return image;
    }

    private static async Task<Descriptor> PutAsync(MemoryStore store, string mediaType, byte[] bytes)
    {
        Descriptor blob = new() { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length };
        await store.PutAsync(blob, new MemoryStream(bytes));
        return blob;
    }
}
