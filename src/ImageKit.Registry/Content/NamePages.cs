using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageKit.Registry;

/// <summary>Lists names, tags of a repository or repositories of a registry, page by page, in whatever way the registry pages.</summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags"/>
internal sealed class NamePages(Transport transport, RegistryRequest first, string field)
{
    private const int MostPages = 10_000;
    private const int PageBytes = 4 * 1024 * 1024;
    private const int PageNames = 1000; // the most that ECR takes

    public static NamePages Tags(RepositoryRequests requests) =>
        new(requests.Transport, requests.Of($"list the tags of {requests.FullName}", HttpMethod.Get, $"tags/list?n={PageNames}", requests.Pull) with { Headers = [("Accept", "application/json")] }, "tags");

    public static NamePages Repositories(Transport transport, RegistryEndpoint endpoint) => new(transport, new()
    {
        Purpose = $"list the repositories of {endpoint.Host}",
        Method = HttpMethod.Get,
        Endpoint = endpoint,
        Path = $"v2/_catalog?n={PageNames}",
        Scopes = ScopeSet.Parse("registry:catalog:*"),
        Headers = [("Accept", "application/json")],
    }, "repositories");

    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        HashSet<Uri> seen = [];
        HashSet<string> told = new(StringComparer.Ordinal);
        RegistryRequest? next = first;
        while (next is { } request && seen.Count < MostPages && seen.Add(request.Target))
        {
            (string[] names, next) = await PageAsync(request, cancel).ConfigureAwait(false);
            string[] news = [.. names.Where(told.Add)]; // some send a page's last name again
            foreach (string name in news) yield return name;
            if (news.Length == 0) yield break; // a list that goes round in a circle
        }
    }

    private async Task<(string[] Names, RegistryRequest? Next)> PageAsync(RegistryRequest request, CancellationToken cancel)
    {
        using Answer answer = await transport.SendAsync(request, [HttpStatusCode.OK], cancel).ConfigureAwait(false);
        try
        {
            byte[] body = await answer.ReadAsync(PageBytes, cancel).ConfigureAwait(false) ?? throw AnswerFaults.Bad(request, answer, "The list is too long for one page.");
            string[] names = Parse(body);
            return (names, Next(request, answer, names));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw AnswerFaults.Bad(request, answer, "The list is not the JSON that was asked for.");
        }
        catch (IOException error)
        {
            throw ConnectionFaults.Read(new Exchange(request, transport.Options.Time), answer.Url, error);
        }
    }

    // A full page without a link may be all there is, or a registry that knows `last` alone.
    private static RegistryRequest? Next(RegistryRequest request, Answer answer, string[] names)
    {
        if (LinkHeader.Next(answer.Header("Link")) is { } link) return request with { Url = UrlPolicy.Resolve(answer.Url, link, request.Endpoint) };
        if (names.Length < PageNames || request.Url is not null) return null;
        string path = request.Path.Split("&last=")[0];
        return request with { Path = $"{path}&last={Uri.EscapeDataString(names[^1])}" };
    }

    // Some registries give null for a repository without tags.
    private string[] Parse(byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty(field, out JsonElement names) && names.ValueKind == JsonValueKind.Array
            ? [.. names.EnumerateArray().Select(name => name.GetString()).Where(name => !string.IsNullOrEmpty(name))!] : [];
    }
}
