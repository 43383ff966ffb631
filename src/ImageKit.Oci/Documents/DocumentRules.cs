using System.Collections.Immutable;
using System.Text.Json;

namespace ImageKit.Oci;

/// <summary>Refuses documents that two programs would read differently.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/security/advisories/GHSA-mc8v-mgrf-8f4m"/>
internal static class DocumentRules
{
    private static readonly string[] Structural = ["schemaVersion", "mediaType", "config", "layers", "manifests", "subject"];

    public static void Check(Descriptor descriptor, string? said, Func<string, bool> isOther, IDictionary<string, JsonElement>? unknown)
    {
        if (said is not null && said != descriptor.MediaType && (isOther(said) || MediaTypes.IsManifest(descriptor.MediaType) || MediaTypes.IsIndex(descriptor.MediaType)))
            throw ContentFaults.Ambiguous(descriptor, $"It calls itself {said}, but was offered as {descriptor.MediaType}.");
        // What the record did not take: fields of the other kind of document, and spellings that Go's reader takes for the same field.
        foreach (string name in unknown?.Keys ?? [])
            if (Structural.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw ContentFaults.Ambiguous(descriptor, $"It has a field '{name}' that does not belong in it (CVE-2021-41190).");
    }

    /// <summary>Refuses lists and entries that are null, which the records' types do not foresee.</summary>
    public static void CheckLists(Descriptor descriptor, string name, ImmutableArray<Descriptor> entries)
    {
        if (entries.IsDefault) throw ContentFaults.Malformed(descriptor, $"Its '{name}' is null.");
        // The annotation says that neither is null; JSON may say otherwise.
        if (entries.Any(entry => entry?.MediaType is null)) throw ContentFaults.Malformed(descriptor, $"An entry of its '{name}' is null.");
    }
}
