using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageKit.Oci;

namespace ImageKit.Server.Tests.Conformance;

/// <summary>The calls of the protocol by bare HTTP: nothing of our client has a hand in them.</summary>
internal sealed class RegistryCalls(HttpClient http, string repository)
{
    public HttpClient Http => http;

    public string Repository => repository;

    public static Digest DigestOf(byte[] bytes, string algorithm = "sha256") => algorithm == "sha512" ? Digest.OfSha512(SHA512.HashData(bytes)) : Digest.Of(bytes);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(method, Uri.TryCreate(path, UriKind.Absolute, out Uri? whole) && whole.Scheme.StartsWith("http", StringComparison.Ordinal) ? whole : new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = new ByteArrayContent(body);
        foreach ((string name, string value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
        }
        return http.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetBlobAsync(Digest digest, string? range = null) => SendAsync(HttpMethod.Get, $"/v2/{repository}/blobs/{digest}", null, range is null ? [] : [("Range", range)]);

    public Task<HttpResponseMessage> HeadBlobAsync(Digest digest) => SendAsync(HttpMethod.Head, $"/v2/{repository}/blobs/{digest}");

    public async Task<string> BeginAsync(string query = "")
    {
        HttpResponseMessage answer = await SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/{query}");
        Assert.That((int)answer.StatusCode, Is.EqualTo(202));
        Assert.That(answer.Headers.Location, Is.Not.Null);
        return answer.Headers.Location!.OriginalString;
    }

    public Task<HttpResponseMessage> PatchAsync(string session, byte[] bytes, string? range) =>
        SendAsync(HttpMethod.Patch, session, bytes, range is null ? [("Content-Type", "application/octet-stream")] : [("Content-Type", "application/octet-stream"), ("Content-Range", range)]);

    public Task<HttpResponseMessage> PutAsync(string session, Digest digest, byte[]? bytes = null, string? range = null) =>
        SendAsync(HttpMethod.Put, $"{session}{(session.Contains('?') ? '&' : '?')}digest={digest}", bytes ?? [], range is null ? [] : [("Content-Range", range)]);

    /// <summary>Pushes a blob in the simplest way.</summary>
    public async Task<Digest> PushAsync(byte[] bytes, string algorithm = "sha256")
    {
        Digest digest = DigestOf(bytes, algorithm);
        HttpResponseMessage answer = await PutAsync(await BeginAsync(), digest, bytes);
        Assert.That((int)answer.StatusCode, Is.EqualTo(201), await answer.Content.ReadAsStringAsync());
        return digest;
    }

    public Task<HttpResponseMessage> PutManifestAsync(string reference, byte[] bytes, string mediaType = MediaTypes.Manifest)
    {
        HttpRequestMessage request = new(HttpMethod.Put, $"/v2/{repository}/manifests/{reference}") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return http.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetManifestAsync(string reference, HttpMethod? method = null) =>
        SendAsync(method ?? HttpMethod.Get, $"/v2/{repository}/manifests/{reference}", null, ("Accept", string.Join(", ", MediaTypes.Manifest, MediaTypes.Index, MediaTypes.DockerManifest, MediaTypes.DockerIndex)));

    /// <summary>A small image under a tag.</summary>
    public async Task<Digest> PushImageAsync(string tag, string text = "{}")
    {
        byte[] config = Encoding.UTF8.GetBytes(text);
        byte[] manifest = Manifest(await PushAsync(config), config.Length);
        HttpResponseMessage answer = await PutManifestAsync(tag, manifest);
        Assert.That((int)answer.StatusCode, Is.EqualTo(201), await answer.Content.ReadAsStringAsync());
        return DigestOf(manifest);
    }

    public static byte[] Manifest(Digest config, int size, string rest = "") => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{config}}","size":{{size}}},"layers":[]{{rest}}}""");

    /// <summary>The codes of an answer in the protocol's form of errors.</summary>
    public static async Task<string[]> CodesAsync(HttpResponseMessage answer)
    {
        using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. body.RootElement.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString()!)];
    }

    public async Task<string[]> TagsAsync(string query = "")
    {
        HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"/v2/{repository}/tags/list{query}");
        if ((int)answer.StatusCode == 404) return [];
        using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. body.RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!)];
    }
}
