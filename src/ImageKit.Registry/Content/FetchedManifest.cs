using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>A manifest or index as a registry gave it.</summary>
/// <param name="Descriptor">What it is; the digest is of the bytes, not what the registry claimed.</param>
/// <param name="Bytes">The bytes as they came.</param>
internal sealed record FetchedManifest(Descriptor Descriptor, byte[] Bytes);
