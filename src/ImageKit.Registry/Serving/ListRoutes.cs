using System.Globalization;
using System.Text.Json;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Lists: tags, repositories, and what is about a manifest.</summary>
internal sealed class ListRoutes(IServedContent content)
{
    public async Task<ServedAnswer> TagsAsync(ServedRequest request, string name, CancellationToken cancel) =>
        await content.ListTagsAsync(name, cancel).ConfigureAwait(false) is { } tags ? Page(request, tags, "tags", name)
            : ServedAnswer.Error(404, "NAME_UNKNOWN", "repository name not known to registry");

    public async Task<ServedAnswer> CatalogAsync(ServedRequest request, CancellationToken cancel) =>
        Page(request, await content.ListRepositoriesAsync(cancel).ConfigureAwait(false), "repositories", null);

    public async Task<ServedAnswer> ReferrersAsync(ServedRequest request, string name, string reference, CancellationToken cancel)
    {
        if (!Digest.TryParse(reference, out Digest subject)) return ServedAnswer.Error(400, "DIGEST_INVALID", "no digest");
        string? type = request.Ask("artifactType");
        IReadOnlyList<Descriptor> all = await content.ListReferrersAsync(name, subject, cancel).ConfigureAwait(false);
        ServedAnswer answer = ServedAnswer.OfJson(200, MediaTypes.Index, writer =>
        {
            writer.WriteNumber("schemaVersion", 2);
            writer.WriteString("mediaType", MediaTypes.Index);
            writer.WriteStartArray("manifests");
            foreach (Descriptor referrer in all.Where(manifest => type is null || manifest.ArtifactType == type)) JsonSerializer.Serialize(writer, referrer, OciJson.Wire.Descriptor);
            writer.WriteEndArray();
        });
        return type is null ? answer : answer.With("OCI-Filters-Applied", "artifactType");
    }

    private static ServedAnswer Page(ServedRequest request, IReadOnlyList<string> all, string field, string? name)
    {
        string last = request.Ask("last") ?? "";
        string[] rest = [.. all.Where(item => string.CompareOrdinal(item, last) > 0)];
        bool limited = int.TryParse(request.Ask("n"), NumberStyles.None, CultureInfo.InvariantCulture, out int limit);
        if (!limited && request.Ask("n") is { Length: > 0 } wrong) return ServedAnswer.Error(400, "PAGINATION_NUMBER_INVALID", $"'{wrong}' is no number of entries");
        string[] page = limited ? [.. rest.Take(limit)] : rest;
        ServedAnswer answer = ServedAnswer.OfJson(200, "application/json", writer =>
        {
            if (name is not null) writer.WriteString("name", name);
            writer.WriteStartArray(field);
            foreach (string item in page) writer.WriteStringValue(item);
            writer.WriteEndArray();
        });
        if (page.Length == rest.Length || page.Length == 0) return answer;
        return answer.With("Link", $"<{request.Path}?n={limit}&last={Uri.EscapeDataString(page[^1])}{(request.Ask("ns") is { } proxied ? $"&ns={Uri.EscapeDataString(proxied)}" : "")}>; rel=\"next\"");
    }
}
