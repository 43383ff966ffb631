using System.Net;
using System.Net.Http.Headers;
using ImageKit.Oci;

namespace ImageKit.Registry;

/// <summary>Reads and writes the manifests of a repository.</summary>
/// <param name="requests">Sends them.</param>
/// <param name="misses">Is told of answers that it is not there; null for nobody.</param>
internal sealed class ManifestRequests(RepositoryRequests requests, MissedAttempts? misses = null)
{
    // All four, always: without them registries answer 404, or convert to another form with another digest.
    private static readonly (string, string)[] AcceptAll =
        [("Accept", string.Join(", ", MediaTypes.Manifest, MediaTypes.Index, MediaTypes.DockerManifest, MediaTypes.DockerIndex))];

    private RegistryOptions Options => requests.Options;

    /// <summary>Asks what a tag or digest names, without its bytes; null if it is not there.</summary>
    public async Task<Descriptor?> DescribeAsync(string name, CancellationToken cancel)
    {
        if (!requests.Endpoint.RefusesHead && await HeadAsync(name, cancel).ConfigureAwait(false) is { } head)
        {
            if (!head.Found) return null;
            if (head.Descriptor is not null) return head.Descriptor;
        }
        return (await FetchAsync(name, cancel).ConfigureAwait(false))?.Descriptor;
    }

    /// <summary>Gets a manifest with its bytes, hashed; null if it is not there. What the registry says of the digest is not believed.</summary>
    public async Task<FetchedManifest?> FetchAsync(string name, CancellationToken cancel)
    {
        RegistryRequest request = Request($"read the manifest '{name}' of {requests.FullName}", HttpMethod.Get, name, requests.Pull);
        using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.NotFound).ConfigureAwait(false);
        if (IsMissing(answer)) return null;
        byte[] bytes = await ReadAsync(request, answer, cancel).ConfigureAwait(false);
        Digest digest = Digest.TryParse(name, out Digest asked) ? ContentHash.Of(bytes, asked) : Digest.Of(bytes);
        if (asked != default && digest != asked) throw ContentFaults.WrongDigest(new Descriptor { MediaType = answer.ContentType, Digest = asked, Size = bytes.Length }, digest);
        string? type = IsKnown(answer.ContentType) ? answer.ContentType : DocumentKind.Describe(bytes, digest)?.MediaType;
        if (type is null) throw answer.ContentType.StartsWith("application/vnd.", StringComparison.Ordinal) ? AnswerFaults.OfOtherType(request, answer) : AnswerFaults.Bad(request, answer, $"The answer is no manifest: its type is '{answer.ContentType}'.");
        return new(new Descriptor { MediaType = type, Digest = digest, Size = bytes.Length }, bytes);
    }

    /// <summary>Gets the bytes of a manifest by digest; null if it is not there.</summary>
    /// <param name="manifest">Which one.</param>
    /// <param name="proven">Whether size and digest are held against the descriptor here; else the caller does it.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ContentException">It is offered as another type (IK1105), or of another size or digest (IK1102, IK1103).</exception>
    public async Task<byte[]?> OpenAsync(Descriptor manifest, bool proven, CancellationToken cancel)
    {
        RegistryRequest request = Request($"read the manifest {manifest.Digest} of {requests.FullName}", HttpMethod.Get, manifest.Digest.ToString(), requests.Pull);
        using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.NotFound).ConfigureAwait(false);
        if (answer.Status == HttpStatusCode.NotFound) return null;
        if (IsKnown(answer.ContentType) && answer.ContentType != manifest.MediaType)
        {
            throw ContentFaults.Ambiguous(manifest, $"{requests.FullName} offers it as {answer.ContentType}, but it was named as {manifest.MediaType}.");
        }
        byte[] bytes = await ReadAsync(request, answer, cancel).ConfigureAwait(false);
        if (!proven) return bytes;
        if (bytes.Length != manifest.Size) throw bytes.Length < manifest.Size ? ContentFaults.TooShort(manifest, bytes.Length) : ContentFaults.TooLong(manifest);
        Digest actual = ContentHash.Of(bytes, manifest.Digest);
        return actual == manifest.Digest ? bytes : throw ContentFaults.WrongDigest(manifest, actual);
    }

    /// <summary>Writes a manifest under its digest or a tag, and under further tags where the registry takes them along.</summary>
    public async Task<ManifestReceipt> PutAsync(string name, Descriptor manifest, byte[] bytes, CancellationToken cancel, IReadOnlyCollection<string>? tags = null)
    {
        string query = tags is null ? "" : "?" + string.Join('&', tags.Select(tag => "tag=" + Uri.EscapeDataString(tag)));
        RegistryRequest request = Request($"push the manifest '{name}' to {requests.FullName}", HttpMethod.Put, name + query, requests.Push) with
        {
            Headers = [],
            Body = () =>
            {
                ByteArrayContent body = new(bytes);
                body.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
                return body;
            },
        };
        using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Accepted).ConfigureAwait(false);
        bool other = Digest.TryParse(answer.Header("Docker-Content-Digest"), out Digest stored) && stored.Algorithm == manifest.Digest.Algorithm && stored != manifest.Digest;
        if (other) throw AnswerFaults.Bad(request, answer, $"It stored the manifest {manifest.Digest} as {stored}.");
        string[] taken = (answer.Header("OCI-Tag") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(answer.Header("OCI-Subject") is not null, [.. taken]);
    }

    /// <summary>Deletes a manifest by digest; false if it is not there.</summary>
    public Task<bool> DeleteAsync(Digest digest, CancellationToken cancel) => requests.DeleteAsync($"delete the manifest {digest} of {requests.FullName}", $"manifests/{digest}", cancel);

    // Null: HEAD is of no use here, ask by GET. A refusal of HEAD has no body that would say why.
    private async Task<HeadResult?> HeadAsync(string name, CancellationToken cancel)
    {
        RegistryRequest request = Request($"find '{name}' in {requests.FullName}", HttpMethod.Head, name, requests.Pull);
        try
        {
            using Answer answer = await requests.SendAsync(request, cancel, HttpStatusCode.OK, HttpStatusCode.NotFound).ConfigureAwait(false);
            return IsMissing(answer) ? new(false, null) : new(true, Read(name, answer));
        }
        catch (RegistryException error) when (error.Status is 400 or 401 or 403 or 405 or 501)
        {
            // Remembered only where it is the method that is refused.
            requests.Endpoint.RefusesHead |= error.Status is 405 or 501;
            return null;
        }
    }

    private bool IsMissing(Answer answer)
    {
        bool missing = answer.Status == HttpStatusCode.NotFound;
        if (missing) misses?.Add(answer.Attempts);
        return missing;
    }

    private static Descriptor? Read(string name, Answer answer)
    {
        bool said = Digest.TryParse(answer.Header("Docker-Content-Digest"), out Digest digest) && digest.CanVerify;
        if (Digest.TryParse(name, out Digest asked)) (said, digest) = (!said || digest == asked, asked);
        bool whole = said && IsKnown(answer.ContentType) && answer.Length is > 0;
        return whole ? new Descriptor { MediaType = answer.ContentType, Digest = digest, Size = answer.Length!.Value } : null;
    }

    private async Task<byte[]> ReadAsync(RegistryRequest request, Answer answer, CancellationToken cancel)
    {
        try
        {
            return await answer.ReadAsync(Options.MaxManifestBytes, cancel).ConfigureAwait(false)
                ?? throw AnswerFaults.Bad(request, answer, $"The manifest is larger than {Options.MaxManifestBytes} bytes.");
        }
        catch (IOException error)
        {
            throw ConnectionFaults.Read(new Exchange(request, Options.Time), answer.Url, error);
        }
    }

    // The names were checked before: a tag or a digest, which need no escaping in a path.
    private RegistryRequest Request(string purpose, HttpMethod method, string name, ScopeSet scopes) =>
        requests.Of(purpose, method, $"manifests/{name}", scopes) with { Headers = [.. AcceptAll] };

    private static bool IsKnown(string mediaType) => MediaTypes.IsManifest(mediaType) || MediaTypes.IsIndex(mediaType);

    private sealed record HeadResult(bool Found, Descriptor? Descriptor);
}
