using System.Text.RegularExpressions;

namespace ImageKit.Registry;

/// <summary>
/// The server's side of the distribution protocol as plain logic: values in, values out. It knows no sockets and no logins; whoever hosts
/// it does.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints"/>
internal sealed partial class RegistryProtocol(IServedContent content)
{
    private const int MostNameLength = 255, MostPathLength = 1024;

    private readonly BlobRoutes _blobs = new(content);
    private readonly UploadRoutes _uploads = new(content);
    private readonly ManifestRoutes _manifests = new(content);
    private readonly ListRoutes _lists = new(content);

    public async Task<ServedAnswer> HandleAsync(ServedRequest request, CancellationToken cancel)
    {
        ServedAnswer answer;
        try
        {
            answer = await RouteAsync(request, cancel).ConfigureAwait(false);
        }
        catch (ServedRefusal refusal)
        {
            answer = refusal.Answer with { Fault = refusal.InnerException };
        }
        answer.With("Docker-Distribution-API-Version", "registry/2.0");
        if (request.Method != "HEAD") return answer;
        if (answer.Content is { } content) await content.DisposeAsync().ConfigureAwait(false);
        return answer with { Body = default, Content = null, Length = answer.Length };
    }

    /// <summary>The repository that a path is about; null if it is about none.</summary>
    public static string? RepositoryOf(string path) => Match(path) is { Success: true } match ? match.Groups["name"].Value : null;

    /// <summary>Whether a text is the name of a repository.</summary>
    public static bool IsName(string text) => text.Length <= MostNameLength && Name().IsMatch(text);

    private async Task<ServedAnswer> RouteAsync(ServedRequest request, CancellationToken cancel)
    {
        if (request.Path is "/v2/" or "/v2") return new ServedAnswer(200, "{}"u8.ToArray()).With("Content-Type", "application/json");
        if (request.Path == "/v2/_catalog") return await _lists.CatalogAsync(request, cancel).ConfigureAwait(false);
        Match match = Match(request.Path);
        if (!match.Success || match.Groups["name"].Length > MostNameLength) return ServedAnswer.Error(404, "NAME_INVALID", "no such path");
        (string name, string rest) = (match.Groups["name"].Value, Uri.UnescapeDataString(match.Groups["rest"].Value));
        return match.Groups["kind"].Value switch
        {
            "blobs/uploads" => await _uploads.HandleAsync(request, name, rest, cancel).ConfigureAwait(false),
            "blobs" => await _blobs.HandleAsync(request, name, rest, cancel).ConfigureAwait(false),
            "manifests" => await _manifests.HandleAsync(request, name, rest, cancel).ConfigureAwait(false),
            _ when request.Method is not ("GET" or "HEAD") => ServedAnswer.Error(405, "UNSUPPORTED", "no such method"),
            "tags" when rest == "list" => await _lists.TagsAsync(request, name, cancel).ConfigureAwait(false),
            "referrers" => await _lists.ReferrersAsync(request, name, rest, cancel).ConfigureAwait(false),
            _ => ServedAnswer.Error(404, "NAME_INVALID", "no such path"),
        };
    }

    // Longer ones hold no name that is short enough: nothing is tried on them.
    private static Match Match(string path) => path.Length <= MostPathLength ? RepositoryPath().Match(path) : System.Text.RegularExpressions.Match.Empty;

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^/v2/(?<name>[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*)/(?<kind>blobs/uploads|blobs|manifests|tags|referrers)/(?<rest>[^/]*)\z")]
    private static partial Regex RepositoryPath();
}
