using System.Collections.Immutable;

namespace ImageKit.Oci;

/// <summary>The names in a layout's index: which annotation says what.</summary>
internal static class LayoutNames
{
    /// <summary>OCI's annotation: a tag, or whatever the writer takes for a name.</summary>
    public const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>containerd's annotation: the full name.</summary>
    public const string FullName = "io.containerd.image.name";

    /// <summary>The full name if the entry has one, else its tag, else null. Empty annotations count as none.</summary>
    public static string? NameOf(Descriptor entry) => Annotation(entry, FullName) ?? Annotation(entry, RefName);

    /// <summary>The entry that is called <paramref name="name"/>, without the annotations of the name.</summary>
    public static Descriptor? Find(IndexManifest index, string name)
    {
        // The last wins where tools wrote a name twice: umoci and skopeo append.
        Descriptor? found = index.Manifests.LastOrDefault(entry => NameOf(entry) == name)
            ?? index.Manifests.LastOrDefault(entry => Annotation(entry, RefName) == name);
        return found is null ? null : Bare(found);
    }

    /// <summary>The index with one entry of that name, in place of those there were.</summary>
    /// <param name="index">The index as it is.</param>
    /// <param name="name">The full name, or a bare tag.</param>
    /// <param name="tag">What OCI's annotation is to say.</param>
    /// <param name="root">What the name points at.</param>
    public static IndexManifest With(IndexManifest index, string name, string tag, Descriptor root)
    {
        // Nameless entries of the same image go too: the new entry replaces them.
        return index with
        {
            Manifests = [.. index.Manifests.Where(entry => !IsCalled(entry, name) && !(entry.Digest == root.Digest && NameOf(entry) is null)), Named(root, name, tag)],
        };
    }

    /// <summary>The entry with its annotations; containerd's only for a full name.</summary>
    public static Descriptor Named(Descriptor root, string name, string tag)
    {
        ImmutableSortedDictionary<string, string> annotations = (Bare(root).Annotations ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal))
            .SetItem(RefName, tag);
        return root with { Annotations = FullReference(name) is null ? annotations : annotations.SetItem(FullName, name) };
    }

    /// <summary>The reference that the name spells out in full, or null if it is a bare tag.</summary>
    public static ImageReference? FullReference(string name) => ImageReference.TryParse(name, out ImageReference? reference) && reference.ToString() == name ? reference : null;

    public static IndexManifest Without(IndexManifest index, string name)
    {
        ImmutableArray<Descriptor> kept = [.. index.Manifests.Where(entry => !IsCalled(entry, name))];
        return kept.Length == index.Manifests.Length ? index : index with { Manifests = kept };
    }

    /// <summary>The entry without the annotations that name it.</summary>
    public static Descriptor Bare(Descriptor entry)
    {
        if (entry.Annotations is null) return entry;
        ImmutableSortedDictionary<string, string> rest = entry.Annotations.RemoveRange([RefName, FullName]);
        return entry with { Annotations = rest.IsEmpty ? null : rest };
    }

    private static bool IsCalled(Descriptor entry, string name) => NameOf(entry) == name || (Annotation(entry, FullName) is null && Annotation(entry, RefName) == name);

    private static string? Annotation(Descriptor entry, string key) =>
        entry.Annotations is { } annotations && annotations.TryGetValue(key, out string? value) && value.Length > 0 ? value : null;
}
