using System.Text.RegularExpressions;

namespace ImageKit.Registry;

/// <summary>
/// The server's side of the distribution protocol as plain logic: values in, values out. It knows no sockets and no logins; whoever hosts
/// it does.
/// </summary>
/// <seealso href="https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#endpoints"/>
internal sealed partial class RegistryProtocol(ServedContent content)
{
    private readonly BlobRoutes _blobs = new(content);
    private readonly UploadRoutes _uploads = new(content);
    private readonly ManifestRoutes _manifests = new(content);
    private readonly ListRoutes _lists = new(content);

    public async Task<ServedAnswer> HandleAsync(ServedRequest request, CancellationToken cancel)
    {
        ServedAnswer answer = await RouteAsync(request, cancel).ConfigureAwait(false);
        answer.With("Docker-Distribution-API-Version", "registry/2.0");
        return request.Method == "HEAD" ? answer with { Body = default, Length = answer.Length } : answer;
    }

    /// <summary>The repository that a path is about; null if it is about none.</summary>
    public static string? RepositoryOf(string path) => RepositoryPath().Match(path) is { Success: true } match ? match.Groups["name"].Value : null;

    private async Task<ServedAnswer> RouteAsync(ServedRequest request, CancellationToken cancel)
    {
        if (request.Path is "/v2/" or "/v2") return new ServedAnswer(200, "{}"u8.ToArray()).With("Content-Type", "application/json");
        if (request.Path == "/v2/_catalog") return _lists.Catalog(request);
        Match match = RepositoryPath().Match(request.Path);
        if (!match.Success) return ServedAnswer.Error(404, "NAME_INVALID", "no such path");
        (string name, string rest) = (match.Groups["name"].Value, Uri.UnescapeDataString(match.Groups["rest"].Value));
        return match.Groups["kind"].Value switch
        {
            "blobs/uploads" => await _uploads.HandleAsync(request, name, rest, cancel).ConfigureAwait(false),
            "blobs" => _blobs.Handle(request, name, rest),
            "manifests" => await _manifests.HandleAsync(request, name, rest, cancel).ConfigureAwait(false),
            "tags" when rest == "list" => _lists.Tags(request, name),
            "referrers" => _lists.Referrers(request, name, rest),
            _ => ServedAnswer.Error(404, "NAME_INVALID", "no such path"),
        };
    }

    [GeneratedRegex(@"^/v2/(?<name>[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*)/(?<kind>blobs/uploads|blobs|manifests|tags|referrers)/(?<rest>[^/]*)\z")]
    private static partial Regex RepositoryPath();
}
