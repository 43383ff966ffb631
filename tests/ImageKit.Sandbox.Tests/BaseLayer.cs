using System.Security.Cryptography;
using ImageKit.Oci;

namespace ImageKit.Sandbox.Tests;

/// <summary>Brings an uncompressed layer into a store.</summary>
internal static class BaseLayer
{
    public static async Task<Digest> ImportAsync(string tar, LayoutStore images, LayerStore layers)
    {
        await using FileStream file = File.OpenRead(tar);
        Digest digest = Digest.OfSha256(await SHA256.HashDataAsync(file));
        file.Position = 0;
        Descriptor blob = new() { MediaType = MediaTypes.Layer, Digest = digest, Size = file.Length };
        await images.PutAsync(blob, file);
        return (await layers.ImportAsync(blob, digest, images)).DiffId;
    }

    public static async Task<Digest> ImportAsync(string home)
    {
        using LayoutStore images = LayoutStore.Open(Path.Combine(home, "images"));
        using LayerStore layers = LayerStore.Open(Path.Combine(home, "layers"), images);
        return await ImportAsync(Machine.BaseTar, images, layers);
    }
}
