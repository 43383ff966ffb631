using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ImageKit.Registry;

/// <summary>Lists the tags of a repository, page by page.</summary>
internal sealed class TagPages(RepositoryRequests requests)
{
    private const int MostPages = 10_000;
    private const int PageBytes = 4 * 1024 * 1024;

    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        HashSet<Uri> seen = [];
        RegistryRequest? next = requests.Of($"list the tags of {requests.FullName}", HttpMethod.Get, "tags/list?n=1000", requests.Pull) with { Headers = [("Accept", "application/json")] };
        while (next is { } request && seen.Count < MostPages && seen.Add(request.Target))
        {
            (IReadOnlyList<string> tags, next) = await PageAsync(request, cancel).ConfigureAwait(false);
            foreach (string tag in tags) yield return tag;
        }
    }

    private async Task<(IReadOnlyList<string> Tags, RegistryRequest? Next)> PageAsync(RegistryRequest request, CancellationToken cancel)
    {
        using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK).ConfigureAwait(false);
        RegistryRequest? next = LinkHeader.Next(answer.Header("Link")) is { } link ? request with { Url = UrlPolicy.Resolve(answer.Url, link, requests.Endpoint) } : null;
        try
        {
            byte[] body = await answer.ReadAsync(PageBytes, cancel).ConfigureAwait(false) ?? throw AnswerFaults.Bad(request, answer, "The list of tags is too long for one page.");
            return (Parse(body), next);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw AnswerFaults.Bad(request, answer, "The list of tags is not the JSON that was asked for.");
        }
        catch (IOException error)
        {
            throw ConnectionFaults.Read(new Exchange(request, requests.Options.Time), answer.Url, error);
        }
    }

    // Some registries give null for a repository without tags.
    private static IReadOnlyList<string> Parse(byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
            ? [.. tags.EnumerateArray().Select(tag => tag.GetString() ?? "")] : [];
    }
}
