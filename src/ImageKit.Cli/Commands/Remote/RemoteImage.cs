using ImageKit.Cli.Parsing;
using ImageKit.Oci;
using ImageKit.Registry;

namespace ImageKit.Cli.Commands;

/// <summary>An image or artifact in a registry, by its name.</summary>
internal sealed record RemoteImage(ImageReference Reference, RegistryRepository Repository)
{
    /// <summary>Reads a name; nothing is asked yet.</summary>
    public static RemoteImage Open(ImageKitClient kit, string name)
    {
        if (!ImageReference.TryParse(name, out ImageReference? reference)) throw new UsageException($"'{name}' names nothing in a registry.", "Write a name such as registry.example.com/team/app:1.0.");
        return new(reference, kit.Registry.Repository(reference));
    }

    /// <summary>What the tag or digest names, `latest` without one.</summary>
    public async Task<Descriptor> ResolveAsync(CancellationToken cancel)
    {
        ImageReference full = Reference.TagOrLatest;
        try
        {
            return await Repository.FindAsync(full.Digest?.ToString() ?? full.Tag!, cancel);
        }
        catch (RegistryException missing) when (missing.Code == "IK2007" && missing.Status == 404)
        {
            throw new ImageKitException("IK4034", $"{full.Familiar} was not found.", $"{missing.Host} has no {full}.", "Check the name and the tag; what is private needs 'imagekit login'.", missing);
        }
    }
}
