using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Turns an image into another form of the same: other media types, other compression. What is as asked already is not touched, not even read.</summary>
public sealed record ImageConversion
{
    /// <summary>Whose media types manifest, config and layers have; null keeps them, unless a layer's new form needs OCI's.</summary>
    public MediaTypeFamily? Types { get; init; }

    /// <summary>How layers are stored; null keeps each as it is.</summary>
    public LayerEncoding? Layers { get; init; }

    /// <summary>How hard layers are compressed that are: gzip's 1 to 9, zstd's 1 to 22; null for 5 and 3.</summary>
    public int? Level { get; init; }

    /// <summary>Compresses layers again that are of this form already.</summary>
    public bool Force { get; init; }

    /// <summary>Converts one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="store">Where layers are read into and written.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>The image, or the very same if it is as asked.</returns>
    /// <exception cref="ContentException">A layer is missing or broken (IK11xx, IK12xx), or no registry holds it and <see cref="Layers"/> asks for another form (IK1013).</exception>
    /// <remarks>
    /// Layers of types that registries do not hold stay as they are. The config keeps its bytes, but for <see cref="LayerEncoding.Estargz"/>, which adds entries to layers and so changes diffIDs.
    /// </remarks>
    public Task<Image> ConvertAsync(Image image, LayerStore store, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(store);
        int most = Layers switch { LayerEncoding.Gzip or LayerEncoding.Estargz => 9, LayerEncoding.Zstd or LayerEncoding.ZstdChunked => 22, _ => 0 };
        if (Level is { } level && (level < 1 || level > most))
            throw new ArgumentException(most == 0 ? "There is no level without a compression." : $"The level is {level}, but has to be from 1 to {most}.", nameof(Level));
        return new ImageConverting(this, store).RunAsync(image, cancel);
    }
}

/// <summary>Whose media types a manifest has.</summary>
public enum MediaTypeFamily
{
    /// <summary>The Open Container Initiative's.</summary>
    Oci = 0,

    /// <summary>Docker's schema 2. It has no annotations: those of the manifest are left out.</summary>
    Docker = 1,
}

/// <summary>How a layer is stored.</summary>
public enum LayerEncoding
{
    /// <summary>The tar as it is.</summary>
    None = 0,

    /// <summary>gzip.</summary>
    Gzip = 1,

    /// <summary>Zstandard.</summary>
    Zstd = 2,

    /// <summary>eStargz: gzip of which single files can be read by ranges.</summary>
    Estargz = 3,

    /// <summary>zstd:chunked: Zstandard of which single files can be read by ranges; the diffID stays.</summary>
    ZstdChunked = 4,
}
