using ImageKit.Oci;

namespace ImageKit.Resolving;

/// <summary>An image that was found, for one platform.</summary>
/// <param name="Root">What its name points to: its manifest or an index.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Source">Where its blobs can be had.</param>
/// <param name="Display">Its full name.</param>
/// <param name="Reference">Where in a registry it is; null if it is in none.</param>
internal sealed record FoundImage(Descriptor Root, Document<ImageManifest> Manifest, Document<ImageConfig> Config, IContentSource Source, string Display, ImageReference? Reference);
