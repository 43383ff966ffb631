using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace ImageKit.Integration.Tests.Machine;

/// <summary>Hands out Bearer tokens as Docker Hub does: to user ik all that is asked, to nobody the pulling of <c>public/*</c>.</summary>
internal sealed class TokenIssuer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly string _header;

    public TokenIssuer()
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=ik-issuer", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        CertificateFile = Path.Combine(Bench.Root, $"issuer-{Guid.NewGuid():n}.crt");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        _header = Base64Url(Encoding.UTF8.GetBytes(new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "RS256",
            ["x5c"] = new JsonArray(JsonValue.Create(Convert.ToBase64String(certificate.RawData))),
        }.ToJsonString()));
        Realm = $"http://127.0.0.1:{RegistryServer.FreePort()}/token";
        _listener.Prefixes.Add(Realm + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>The URL that a registry sends its clients to.</summary>
    public string Realm { get; }

    /// <summary>A PEM file that the registry trusts.</summary>
    public string CertificateFile { get; }

    /// <summary>How many tokens were handed out.</summary>
    public int Issued { get; private set; }

    public void Dispose()
    {
        _listener.Close();
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return; // Disposed of while waiting.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        bool known = context.Request.Headers["Authorization"] is { } given && given.StartsWith("Basic ", StringComparison.Ordinal);
        bool right = known && Encoding.UTF8.GetString(Convert.FromBase64String(context.Request.Headers["Authorization"]![6..])) == "ik:secret";
        if (context.Request.HttpMethod != "GET") Reply(context, 405, new JsonObject());
        else if (known && !right) Reply(context, 401, new JsonObject { ["details"] = "incorrect username or password" });
        else Reply(context, 200, Token(context.Request, known));
    }

    private JsonObject Token(HttpListenerRequest request, bool known)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        JsonArray access = [.. (request.QueryString.GetValues("scope") ?? []).SelectMany(scope => scope.Split(' ')).Select(scope => (JsonNode)Allowed(scope, known))];
        JsonObject claims = new()
        {
            ["iss"] = "ik-issuer",
            ["sub"] = known ? "ik" : "",
            ["aud"] = request.QueryString["service"],
            ["jti"] = Guid.NewGuid().ToString("n"),
            ["nbf"] = now - 5,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["access"] = access,
        };
        string text = $"{_header}.{Base64Url(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        byte[] signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Issued++;
        return new JsonObject
        {
            ["token"] = $"{text}.{Base64Url(signature)}",
            ["expires_in"] = 300,
            ["issued_at"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        };
    }

    private static JsonObject Allowed(string scope, bool known)
    {
        string[] parts = scope.Split(':'); // kind:name:actions; the name has no colon, as it names no host
        IEnumerable<string> actions = parts[^1].Split(',').Where(action => known || (action == "pull" && parts[1].StartsWith("public/", StringComparison.Ordinal)));
        return new JsonObject
        {
            ["type"] = parts[0],
            ["name"] = parts[1],
            ["actions"] = new JsonArray([.. actions.Select(action => (JsonNode)JsonValue.Create(action))]),
        };
    }

    private static void Reply(HttpListenerContext context, int status, JsonObject body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (status == 401) context.Response.AddHeader("WWW-Authenticate", "Basic realm=\"ik-issuer\"");
        context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
