using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace ImageKit.Registry.Tests;

/// <summary>A token server that docker-registry trusts: JSON web tokens signed with RS256, the certificate in `x5c`.</summary>
internal sealed class TokenIssuer : IDisposable
{
    public const string User = "me", Password = "pässwörd";

    private readonly HttpListener _listener = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;
    private readonly TimeSpan _lifetime;

    public TokenIssuer(TimeSpan lifetime)
    {
        _lifetime = lifetime;
        CertificateRequest request = new("CN=issuer", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        Port = RealRegistry.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    public int Issued { get; private set; }

    /// <summary>The piece of docker-registry's configuration that trusts this issuer.</summary>
    public string Configure(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "issuer.crt"), _certificate.ExportCertificatePem());
        return $$"""
            auth:
              token:
                realm: http://127.0.0.1:{{Port}}/token
                service: registry
                issuer: issuer
                rootcertbundle: {{folder}}/issuer.crt
            """;
    }

    public void Dispose()
    {
        _listener.Close();
        _certificate.Dispose();
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                string expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
                bool known = context.Request.Headers["Authorization"] == expected;
                context.Response.StatusCode = known ? 200 : 401;
                await context.Response.OutputStream.WriteAsync(known ? Answer(context.Request) : "{\"details\":\"incorrect username or password\"}"u8.ToArray());
                context.Response.Close();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return; // closed
            }
        }
    }

    private byte[] Answer(HttpListenerRequest request)
    {
        Issued++;
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string head = Encode(Json(writer =>
        {
            writer.WriteString("typ", "JWT");
            writer.WriteString("alg", "RS256");
            writer.WriteStartArray("x5c");
            writer.WriteStringValue(Convert.ToBase64String(_certificate.RawData));
            writer.WriteEndArray();
        }));
        string claims = Encode(Json(writer =>
        {
            writer.WriteString("iss", "issuer");
            writer.WriteString("sub", User);
            writer.WriteString("aud", request.QueryString["service"]);
            writer.WriteString("jti", Guid.NewGuid().ToString());
            writer.WriteNumber("nbf", now - 5);
            writer.WriteNumber("iat", now);
            writer.WriteNumber("exp", now + (long)_lifetime.TotalSeconds);
            WriteAccess(writer, request.QueryString.GetValues("scope") ?? []);
        }));
        string signature = Encode(_key.SignData(Encoding.ASCII.GetBytes($"{head}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return Json(writer =>
        {
            writer.WriteString("token", $"{head}.{claims}.{signature}");
            writer.WriteNumber("expires_in", (long)_lifetime.TotalSeconds);
        });
    }

    private static void WriteAccess(Utf8JsonWriter writer, string[] scopes)
    {
        writer.WriteStartArray("access");
        foreach (string[] parts in scopes.Select(scope => scope.Split(':')))
        {
            writer.WriteStartObject();
            writer.WriteString("type", parts[0]);
            writer.WriteString("name", parts[1]);
            writer.WriteStartArray("actions");
            foreach (string action in parts[2].Split(',')) writer.WriteStringValue(action);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> fields)
    {
        using System.IO.MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
