using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit;

/// <content>Images made by code.</content>
public sealed partial class ImageKitClient
{
    /// <summary>Writes an image that <see cref="Image.With"/> described, its new layers and its configuration, into the store, under a name.</summary>
    /// <param name="image">The image; one without edits is copied as it is.</param>
    /// <param name="name">The name; a missing tag means `latest`. What had it before loses it.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The manifest in the store.</returns>
    /// <exception cref="ImageKitException">The name is none (IK4021), or a file cannot be read or stored.</exception>
    public async Task<Descriptor> StoreAsync(Image image, string name, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageReference reference = References.Parse(name).TagOrLatest;
        if (reference.Digest is not null) throw new ImageKitException("IK4021", $"'{name}' cannot be given as a name.", "A digest follows from the content.", "Write a name and a tag.");
        using Stores stores = Stores.Open(Home);
        Image written = await image.WriteAsync(stores.Layers, cancel: cancel).ConfigureAwait(false);
        await ContentCopy.CopyAsync(written.Source, stores.Images, written.Descriptor, cancel: cancel).ConfigureAwait(false);
        await stores.Images.TagAsync(reference.ToString(), written.Descriptor, cancel).ConfigureAwait(false);
        stores.MarkAdded(written.Descriptor.Digest, _options.Time);
        return written.Descriptor;
    }

    /// <summary>Pushes an image that <see cref="Image.With"/> described. Its new layers are written into the store; what the registry has already is not read.</summary>
    /// <param name="image">The image; one without edits is copied as it is.</param>
    /// <param name="target">The name in the registry; a missing tag means `latest`.</param>
    /// <param name="progress">Is told of every blob.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">The name is none (IK4021), or a file cannot be read or stored.</exception>
    /// <exception cref="RegistryException">The registry refuses it or fails.</exception>
    public async Task<TransferResult> PushAsync(Image image, string target, IProgress<BuildEvent>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ImageReference reference = References.Parse(target).TagOrLatest;
        using Stores stores = Stores.Open(Home);
        Image written = await image.WriteAsync(stores.Layers, cancel: cancel).ConfigureAwait(false);
        return await PushAsync(stores, written.Source, written.Descriptor, reference, progress, cancel).ConfigureAwait(false);
    }
}
