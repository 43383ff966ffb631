using System.Collections.Immutable;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Resolving;

/// <summary>Finds what has to be in a registry, with words for where it is not.</summary>
internal static class RemoteLookup
{
    /// <summary>What a name with a tag or digest points to in its registry.</summary>
    /// <param name="registry">Whose configuration is used.</param>
    /// <param name="repository">The repository of the name.</param>
    /// <param name="reference">The name.</param>
    /// <param name="alsoStore">Whether the store was looked into before.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ImageKitException">No endpoint has it (IK4034); the exception below tells who was asked.</exception>
    public static async Task<Descriptor> FindAsync(RegistryClient registry, RegistryRepository repository, ImageReference reference, bool alsoStore, CancellationToken cancel)
    {
        try
        {
            return await repository.FindAsync(reference.Digest?.ToString() ?? reference.Tag!, cancel).ConfigureAwait(false);
        }
        catch (RegistryException missing) when (missing.Code == "IK2007" && missing.Status == 404)
        {
            throw new ImageKitException("IK4034", $"The image {reference.Familiar} was not found.", Why(reference, missing, alsoStore), Mend(registry, reference), missing);
        }
    }

    /// <summary>Who has it not.</summary>
    public static string Why(ImageReference reference, RegistryException missing, bool alsoStore)
    {
        string asked = missing.Host == reference.Registry ? missing.Host : $"{missing.Host}, which the configuration names for {reference.Registry},";
        return alsoStore ? $"Neither the store nor {asked} has {reference}." : $"{asked} has no {reference}.";
    }

    /// <summary>What may mend it.</summary>
    public static string Mend(RegistryClient registry, ImageReference reference)
    {
        ImmutableArray<ImageReference> others = registry.MirrorConfiguration.OtherMeanings(reference);
        string hint = others.IsEmpty ? "" : $" Names without a registry are read as Docker reads them; registries.conf would read this one as {string.Join(" or ", others)}: write it in full if that is meant.";
        return "Check the name and the tag; a private image needs 'imagekit login'." + hint;
    }
}
