using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>A manifest that is about another one, as lists of referrers have it.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Listed">Its descriptor with what kind of artifact it is, and its annotations.</param>
internal sealed record ReferrerEntry(Digest Subject, Descriptor Listed)
{
    /// <summary>Reads a manifest; null if it is about none.</summary>
    public static ReferrerEntry? Find(Descriptor manifest, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.IndexOf("\"subject\""u8) < 0) return null; // nearly all
        Descriptor bare = new() { MediaType = manifest.MediaType, Digest = manifest.Digest, Size = manifest.Size };
        if (MediaTypes.IsIndex(manifest.MediaType))
        {
            IndexManifest index = Documents.ParseIndex(bytes, bare).Value;
            return index.Subject is null ? null : new(index.Subject.Digest, bare with { ArtifactType = index.ArtifactType, Annotations = index.Annotations });
        }
        ImageManifest image = Documents.ParseManifest(bytes, bare).Value;
        return image.Subject is null ? null : new(image.Subject.Digest, bare with { ArtifactType = image.ArtifactType ?? image.Config.MediaType, Annotations = image.Annotations });
    }
}
