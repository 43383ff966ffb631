using System.Collections.Immutable;
using ImageKit.Oci;

namespace ImageKit;

/// <content>What is in the store.</content>
public sealed partial class ImageKitClient
{
    /// <summary>The images of the store, one entry a name, sorted by name.</summary>
    public Task<ImmutableArray<StoredImage>> ListImagesAsync(CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Shows one image of the store.</summary>
    /// <param name="name">A name, a digest, or the beginning of the digest of a manifest or configuration (4 hex digits or more).</param>
    /// <param name="platform">Which platform of an index; null for this machine's, else the first.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public Task<ImageInspection> InspectAsync(string name, Platform? platform = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The history of an image of the store, oldest first, as its configuration has it.</summary>
    /// <inheritdoc cref="InspectAsync" path="/param"/>
    /// <exception cref="ImageKitException">There is no such image (IK4020).</exception>
    public Task<ImmutableArray<HistoryLine>> HistoryAsync(string name, Platform? platform = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Gives an image of the store another name.</summary>
    /// <param name="source">The image, as for <see cref="InspectAsync"/>.</param>
    /// <param name="target">The new name; what had it before loses it.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020), or the name is none (IK4021).</exception>
    public Task TagAsync(string source, string target, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Takes a name away. What no name refers to any more is deleted by <see cref="PruneAsync"/>.</summary>
    /// <param name="name">A name, or a digest: then all names of it go, if there are several only with <paramref name="force"/>.</param>
    /// <param name="force">Whether several names may go.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">There is no such image (IK4020), or it has several names (IK4022).</exception>
    public Task<RemoveResult> RemoveAsync(string name, bool force = false, CancellationToken cancel = default) => throw new NotImplementedException();
}
