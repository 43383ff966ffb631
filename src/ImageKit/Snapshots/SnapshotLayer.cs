using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ImageKit.Oci;

namespace ImageKit.Snapshots;

/// <summary>A layer of a snapshot: known by its diffID, and where its blob can be had if the layer store does not have it yet.</summary>
/// <param name="DiffId">The digest of the uncompressed tar.</param>
/// <param name="Blob">The compressed form as the image's manifest names it; null for layers made here.</param>
internal sealed record SnapshotLayer(Digest DiffId, LayerBlob? Blob = null)
{
    /// <summary>One name for a whole stack of layers.</summary>
    public static string ChainKey(ImmutableArray<SnapshotLayer> layers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SnapshotLayer layer in layers) hash.AppendData(Encoding.ASCII.GetBytes(layer.DiffId + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>A blob, and where it can be had.</summary>
/// <param name="Descriptor">The blob.</param>
/// <param name="Source">Where it can be had.</param>
/// <param name="Origin">The image it belongs to, for people.</param>
internal sealed record LayerBlob(Descriptor Descriptor, IContentSource Source, string Origin);
