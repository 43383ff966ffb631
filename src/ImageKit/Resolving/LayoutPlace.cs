using ImageKit.Oci;

namespace ImageKit.Resolving;

/// <summary>An image in an OCI layout, as `oci-layout://DIRECTORY[:TAG][@DIGEST]` names it.</summary>
/// <param name="Directory">The layout, absolute.</param>
/// <param name="Tag">The tag, or null.</param>
/// <param name="Digest">The digest, or null.</param>
internal sealed record LayoutPlace(string Directory, string? Tag, Digest? Digest)
{
    private const string Scheme = "oci-layout://";

    /// <summary>Whether a name is of this form.</summary>
    public static bool Is(string name) => name.StartsWith(Scheme, StringComparison.Ordinal);

    /// <exception cref="ImageKitException">The digest is none (IK4021).</exception>
    public static LayoutPlace Parse(string name)
    {
        string text = name[Scheme.Length..];
        Digest? digest = null;
        if (text.LastIndexOf('@') is var at and >= 0)
        {
            digest = Oci.Digest.TryParse(text[(at + 1)..], out Digest parsed) ? parsed
                : throw new ImageKitException("IK4021", $"'{name}' has no digest behind its '@'.", "", "Write sha256: and 64 hex digits.");
            text = text[..at];
        }
        int colon = text.LastIndexOf(':');
        bool tagged = colon > text.LastIndexOf('/');
        string directory = tagged ? text[..colon] : text;
        if (directory.Length == 0) throw new ImageKitException("IK4021", $"'{name}' names no directory.", "", "Write oci-layout:// and the path of a layout.");
        return new(Path.GetFullPath(directory), tagged ? text[(colon + 1)..] : null, digest);
    }

    /// <summary>The image; without tag and digest the only one of the layout, or `latest`.</summary>
    /// <exception cref="ImageKitException">There is no layout (IK1001), or no such image in it (IK4034).</exception>
    public async Task<(IContentStore Place, Descriptor Root)> FindAsync(CancellationToken cancel)
    {
        LayoutStore store = LayoutStore.OpenExisting(Directory);
        string asked = Digest?.ToString() ?? Tag ?? "latest";
        Descriptor? root = await store.ResolveAsync(asked, cancel).ConfigureAwait(false);
        if (root is null && Tag is null && Digest is null && await store.ListAsync(cancel).ConfigureAwait(false) is [var only]) root = only.Root; // one image needs no tag
        return (store, root ?? throw new ImageKitException("IK4034", $"The layout {Directory} has no image '{asked}'.", "", "'imagekit layout ls' shows which it has: oci-layout://DIRECTORY:TAG."));
    }
}
