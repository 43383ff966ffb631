using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Resolving;

/// <summary>Words for images that are not where they were looked for.</summary>
internal static class MissingImage
{
    /// <summary>What may mend it.</summary>
    public static string Mend(RegistryClient registry, ImageReference reference)
    {
        ImmutableArray<ImageReference> others = registry.MirrorConfiguration.OtherMeanings(reference);
        string hint = others.IsEmpty ? "" : $" Names without a registry are read as Docker reads them; registries.conf would read this one as {string.Join(" or ", others)}: write it in full if that is meant.";
        return "Check the name and the tag; a private image needs 'imagekit login'." + hint;
    }
}
