using System.Collections.Immutable;
using System.Text.Json;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>A manifest or index that a registry holds.</summary>
/// <param name="MediaType">As it was pushed.</param>
/// <param name="Digest">Of the bytes, in the algorithm it was pushed under.</param>
/// <param name="Bytes">As they were pushed.</param>
internal sealed record ServedManifest(string MediaType, Digest Digest, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>For what a mirror has: `hit`, `miss` or `stale`; else null.</summary>
    public string? Origin { get; init; }

    /// <summary>What whoever gets it should know, in ASCII without quotes: that it may be out of date. Usually null.</summary>
    public string? Warning { get; init; }

    /// <summary>The manifest that this one is about, if any.</summary>
    public Digest? Subject { get; private init; }

    /// <summary>What kind of artifact it is: its own field, else the type of its config; may be null.</summary>
    public string? ArtifactType { get; private init; }

    /// <summary>Its annotations, or null.</summary>
    public ImmutableSortedDictionary<string, string>? Annotations { get; private init; }

    /// <summary>The blobs that it needs: config and layers, but not those that registries do not hold.</summary>
    public IReadOnlyList<Digest> Blobs { get; private init; } = [];

    /// <summary>The manifests that it lists.</summary>
    public IReadOnlyList<Digest> Manifests { get; private init; } = [];

    /// <summary>Reads what a registry has to know of a manifest.</summary>
    /// <exception cref="JsonException">The bytes are no manifest.</exception>
    public static ServedManifest Parse(string mediaType, Digest digest, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Read(mediaType, digest, bytes);
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A text in it is no Unicode.", error); // half a surrogate pair, broken UTF-8: seen when the text is read
        }
    }

    private static ServedManifest Read(string mediaType, Digest digest, ReadOnlyMemory<byte> bytes)
    {
        using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("It is no object.");
        string? said = Text(root, "mediaType");
        if (mediaType.Length == 0) mediaType = said ?? throw new JsonException("It came without a media type.");
        if (mediaType.Length > 255 || mediaType.AsSpan().ContainsAnyExceptInRange(' ', '~')) throw new JsonException("Its media type is none.");
        if (said is not null && said != mediaType) throw new JsonException($"It calls itself '{said}' but came as '{mediaType}'.");
        if (root.TryGetProperty("manifests", out _) && (root.TryGetProperty("layers", out _) || root.TryGetProperty("config", out _)))
        {
            throw new JsonException("It is both a manifest and an index.");
        }
        bool hasConfig = root.TryGetProperty("config", out JsonElement config) && config.ValueKind == JsonValueKind.Object;
        return new(mediaType, digest, bytes)
        {
            Subject = root.TryGetProperty("subject", out JsonElement subject) && subject.ValueKind == JsonValueKind.Object ? DigestOf(subject) : null,
            ArtifactType = Text(root, "artifactType") ?? (hasConfig ? Text(config, "mediaType") : null),
            Annotations = root.TryGetProperty("annotations", out JsonElement notes) && notes.ValueKind == JsonValueKind.Object ? Texts(notes) : null,
            Blobs = [.. (hasConfig ? [config] : Array.Empty<JsonElement>()).Concat(Items(root, "layers")).Where(IsHeld).Select(DigestOf)],
            Manifests = [.. Items(root, "manifests").Select(DigestOf)],
        };
    }

    /// <summary>The blobs that a manifest names, with the sizes that it tells; none for an index.</summary>
    /// <exception cref="JsonException">The bytes are no manifest.</exception>
    public static IReadOnlyList<(Digest Digest, long Size)> SizesOf(ReadOnlyMemory<byte> bytes)
    {
        using JsonDocument document = JsonDocument.Parse(bytes);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) return [];
        IEnumerable<JsonElement> all = root.TryGetProperty("config", out JsonElement config) ? Items(root, "layers").Append(config) : Items(root, "layers");
        return [.. from blob in all
                   where Digest.TryParse(Text(blob, "digest"), out _) && blob.TryGetProperty("size", out JsonElement size) && size.TryGetInt64(out long length) && length >= 0
                   select (DigestOf(blob), blob.GetProperty("size").GetInt64())];
    }

    /// <summary>This manifest as an entry of the list of what is about its subject.</summary>
    public Descriptor AsReferrer() => new() { MediaType = MediaType, Digest = Digest, Size = Bytes.Length, ArtifactType = ArtifactType, Annotations = Annotations };

    private static ImmutableSortedDictionary<string, string> Texts(JsonElement notes) =>
        notes.EnumerateObject().Where(note => note.Value.ValueKind == JsonValueKind.String).ToImmutableSortedDictionary(note => note.Name, note => note.Value.GetString()!, StringComparer.Ordinal);

    private static bool IsHeld(JsonElement blob) =>
        Text(blob, "mediaType") is not { } type || !(type.Contains(".foreign.", StringComparison.Ordinal) || type.Contains(".nondistributable.", StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static Digest DigestOf(JsonElement descriptor) =>
        Digest.TryParse(Text(descriptor, "digest"), out Digest digest) ? digest : throw new JsonException("A descriptor has no digest.");

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
