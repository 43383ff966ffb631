using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>Chooses the images of an index by platform, with what belongs to them.</summary>
public static class PlatformChoice
{
    internal const string ReferenceDigest = "vnd.docker.reference.digest";

    /// <summary>The entry for a platform: of those that run there, the one that says most exactly what was asked for, then the first.</summary>
    /// <exception cref="ContentException">None is for that platform (IK1008); the message lists those there are.</exception>
    public static Descriptor Find(IndexManifest index, Platform wanted)
    {
        Descriptor[] fitting = [.. index.Manifests.Where(entry => IsImage(entry) && entry.Platform is { } platform && wanted.Accepts(platform))];
        if (fitting.Length > 0) return fitting.FirstOrDefault(entry => entry.Platform!.ToString() == wanted.ToString()) ?? fitting[0];
        // Some tools leave the platform out; a single image is then meant for whoever asks.
        Descriptor[] images = [.. index.Manifests.Where(IsImage)];
        if (images is [{ Platform: null } only]) return only;
        string offered = string.Join(", ", images.Select(entry => entry.Platform?.ToString() ?? "unknown").Distinct());
        throw new ContentException("IK1008", $"The index has no image for {wanted}.", $"It has: {(offered.Length > 0 ? offered : "nothing")}.",
            "Ask for one of these with --platform, or build the image for yours.");
    }

    /// <summary>What a copy of these platforms has as its root: one platform's manifest, or an index of several.</summary>
    /// <exception cref="ContentException">A platform is not there (IK1008).</exception>
    public static Descriptor RootOf(Document<IndexManifest> index, ImmutableArray<Platform> platforms)
    {
        ArgumentNullException.ThrowIfNull(index);
        return Choose(index, platforms).Root;
    }

    /// <summary>The root of a copy: one platform's manifest, or a new index of several.</summary>
    internal static (Descriptor Root, Document<IndexManifest>? Made) Choose(Document<IndexManifest> index, ImmutableArray<Platform> platforms)
    {
        ImmutableHashSet<Digest> chosen = [.. platforms.Select(platform => Find(index.Value, platform).Digest)];
        Descriptor[] kept = [.. index.Value.Manifests.Where(entry => chosen.Contains(entry.Digest) || BelongsTo(entry, chosen))];
        if (kept.Length == index.Value.Manifests.Length) return (index.Descriptor, null);
        if (platforms.Length == 1) return (kept.First(entry => chosen.Contains(entry.Digest)), null);
        Document<IndexManifest> made = Documents.WriteIndex(index.Value with { Manifests = [.. kept], MediaType = index.Descriptor.MediaType });
        return (made.Descriptor, made);
    }

    // BuildKit's attestations lie in the index as images of the platform unknown/unknown.
    internal static bool IsImage(Descriptor entry) => entry.Platform is not { Os: "unknown" };

    private static bool BelongsTo(Descriptor entry, ImmutableHashSet<Digest> images) => SubjectOf(entry) is { } digest && images.Contains(digest);

    /// <summary>The image that an entry of an index is an attestation of; null if it is none.</summary>
    internal static Digest? SubjectOf(Descriptor entry) => entry.Annotations is { } annotations
        && annotations.TryGetValue(ReferenceDigest, out string? text) && Digest.TryParse(text, out Digest digest) ? digest : null;
}
