using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using ImageKit.Oci;
using TarWriter = System.Formats.Tar.TarWriter;

namespace ImageKit.Registry.Tests;

/// <summary>An image made in memory, with layers of random bytes.</summary>
internal sealed record SmallImage(MemoryStore Store, Descriptor Root, ImmutableArray<Descriptor> Layers, Descriptor Config)
{
    public static async Task<SmallImage> MakeAsync(int seed, params int[] layerBytes)
    {
        MemoryStore store = new();
        var layers = ImmutableArray.CreateBuilder<Descriptor>();
        var diffIds = ImmutableArray.CreateBuilder<Digest>();
        foreach ((int index, int size) in layerBytes.Index())
        {
            byte[] tar = Tar($"file{index}", RandomBytes(seed * 100 + index, size));
            diffIds.Add(Digest.Of(tar));
            layers.Add(await PutAsync(store, MediaTypes.LayerGzip, Compress(tar)));
        }
        Document<ImageConfig> config = Documents.WriteConfig(new ImageConfig { Architecture = "amd64", Os = "linux", Rootfs = new() { DiffIds = diffIds.ToImmutable() } });
        await config.PutAsync(store);
        Document<ImageManifest> manifest = Documents.WriteManifest(new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = config.Descriptor,
            Layers = layers.ToImmutable(),
        });
        await manifest.PutAsync(store);
        return new(store, manifest.Descriptor, layers.ToImmutable(), config.Descriptor);
    }

    public static byte[] RandomBytes(int seed, int size)
    {
        byte[] bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static async Task<Descriptor> PutAsync(IContentStore store, string mediaType, byte[] bytes)
    {
        Descriptor blob = new() { MediaType = mediaType, Digest = Digest.Of(bytes), Size = bytes.Length };
        await store.PutAsync(blob, new MemoryStream(bytes));
        return blob;
    }

    private static byte[] Tar(string name, byte[] content)
    {
        using MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
        }
        return bytes.ToArray();
    }

    private static byte[] Compress(byte[] tar)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest)) gzip.Write(tar);
        return bytes.ToArray();
    }
}
