using System.Text;

namespace ImageKit.Oci.Tests.Stores;

/// <summary>Small graphs to put into stores.</summary>
internal static class Samples
{
    public static Descriptor Blob(byte[] content, string mediaType = "application/octet-stream") =>
        new() { MediaType = mediaType, Digest = Digest.Of(content), Size = content.Length };

    public static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Puts an image into a store whose layers are no real tars, and gives its manifest's descriptor.</summary>
    public static async Task<Descriptor> PutImageAsync(IContentStore store, string name = "one", Platform? platform = null, int layers = 2, int layerBytes = 1000)
    {
        platform ??= Platform.LinuxAmd64;
        var descriptors = new List<Descriptor>();
        for (int i = 0; i < layers; i++)
        {
            byte[] layer = [.. Encoding.UTF8.GetBytes($"{name} {i} "), .. Bytes(layerBytes, i)];
            descriptors.Add(Blob(layer, MediaTypes.Layer));
            await store.PutAsync(descriptors[^1], new MemoryStream(layer));
        }
        Document<ImageConfig> config = Documents.WriteConfig(new()
        {
            Os = platform.Os,
            Architecture = platform.Architecture,
            Variant = platform.Variant,
            Author = name,
            Rootfs = new() { DiffIds = [.. descriptors.Select(layer => layer.Digest)] },
        });
        await config.PutAsync(store);
        Document<ImageManifest> manifest = Documents.WriteManifest(new()
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = config.Descriptor,
            Layers = [.. descriptors],
        });
        await manifest.PutAsync(store);
        return manifest.Descriptor;
    }

    public static async Task<Descriptor> PutIndexAsync(IContentStore store, params (Descriptor Manifest, Platform? Platform)[] images)
    {
        Document<IndexManifest> index = Documents.WriteIndex(new()
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Index,
            Manifests = [.. images.Select(image => image.Manifest with { Platform = image.Platform })],
        });
        await index.PutAsync(store);
        return index.Descriptor;
    }

    public static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        await using (stream)
        {
            var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            return bytes.ToArray();
        }
    }
}
