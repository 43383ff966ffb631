using ImageKit.Editing;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit;

/// <content>Looking at images wherever they are: names mean the store, else a registry; `oci-layout://DIRECTORY[:TAG]` a layout.</content>
public sealed partial class ImageKitClient
{
    /// <summary>The manifest or index of an image, byte for byte.</summary>
    /// <param name="name">The image, named as <see cref="EditRequest.Source"/>.</param>
    /// <param name="platform">Which platform of an index; null for the index itself.</param>
    /// <param name="askAgain">Whether the registry is asked even if the store has the name.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">The image is nowhere (IK4034), or not for the platform (IK1008).</exception>
    /// <exception cref="RegistryException">The registry cannot be asked, or refuses.</exception>
    public async Task<RawDocument> ReadManifestAsync(string name, Platform? platform = null, bool askAgain = false, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        (IContentSource place, Descriptor root) = await new ImageRoots(stores, Registry, askAgain).FindPlaceAsync(name, cancel).ConfigureAwait(false);
        if (platform is not null) root = (await new ImageIndex(place, root).GetImageAsync(platform, cancel).ConfigureAwait(false)).Descriptor;
        return new(root, await Documents.ReadBytesAsync(place, root, Documents.MaxManifestBytes, cancel).ConfigureAwait(false));
    }

    /// <summary>The configuration of an image, or what an artifact has in its place, byte for byte.</summary>
    /// <param name="name">The image, named as <see cref="EditRequest.Source"/>.</param>
    /// <param name="platform">Which platform of an index; null for this machine's.</param>
    /// <param name="askAgain">Whether the registry is asked even if the store has the name.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <inheritdoc cref="ReadManifestAsync" path="/exception"/>
    public async Task<RawDocument> ReadConfigAsync(string name, Platform? platform = null, bool askAgain = false, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        (IContentSource place, Descriptor root) = await new ImageRoots(stores, Registry, askAgain).FindPlaceAsync(name, cancel).ConfigureAwait(false);
        Image image = await new ImageIndex(place, root).GetImageAsync(platform ?? Platform.Local, cancel).ConfigureAwait(false);
        Descriptor config = (await image.GetManifestAsync(cancel).ConfigureAwait(false)).Config;
        return new(config, await Documents.ReadBytesAsync(place, config, Documents.MaxConfigBytes, cancel).ConfigureAwait(false));
    }

    /// <summary>In what two images differ: what they say of themselves, their layers and their files. Layers are fetched only where their content differs.</summary>
    /// <param name="before">The first image, named as <see cref="EditRequest.Source"/>.</param>
    /// <param name="after">The second image.</param>
    /// <param name="platform">Which platform of indexes; null for this machine's.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">An image is nowhere (IK4034), not for the platform (IK1008), or broken (IK10xx to IK12xx).</exception>
    /// <exception cref="RegistryException">A registry cannot be asked, or refuses.</exception>
    public async Task<ImageDifference> CompareAsync(string before, string after, Platform? platform = null, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        ImageRoots roots = new(stores, Registry, askAgain: false);
        Image first = await ImageRoots.OfAsync(await roots.FindAsync(before, cancel).ConfigureAwait(false), platform ?? Platform.Local, cancel).ConfigureAwait(false);
        Image second = await ImageRoots.OfAsync(await roots.FindAsync(after, cancel).ConfigureAwait(false), platform ?? Platform.Local, cancel).ConfigureAwait(false);
        return await ImageComparison.CompareAsync(first, second, stores.Layers, cancel).ConfigureAwait(false);
    }

    /// <summary>Proves that an image is whole and what it says it is, where it is; see <see cref="ImageCheck"/>.</summary>
    /// <param name="name">The image, named as <see cref="EditRequest.Source"/>.</param>
    /// <param name="options">How thoroughly; every byte of all platforms unless set.</param>
    /// <param name="askAgain">Whether the registry is asked even if the store has the name.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>What is wrong.</returns>
    /// <exception cref="ImageKitException">The image is nowhere (IK4034).</exception>
    /// <exception cref="RegistryException">The registry cannot be asked, or refuses.</exception>
    public async Task<ImageCheckReport> ValidateAsync(string name, ImageCheckOptions? options = null, bool askAgain = false, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        using Stores stores = Stores.Open(Home);
        (IContentStore place, Descriptor root) = await new ImageRoots(stores, Registry, askAgain).FindPlaceAsync(name, cancel).ConfigureAwait(false);
        return await ImageCheck.RunAsync(place, root, options, progress is null ? null : new TransferProgress($"validate {name}", progress), cancel).ConfigureAwait(false);
    }
}

/// <summary>A document as it was received.</summary>
/// <param name="Descriptor">Its media type, digest and size.</param>
/// <param name="Bytes">Its bytes, proven.</param>
public sealed record RawDocument(Descriptor Descriptor, ReadOnlyMemory<byte> Bytes);
