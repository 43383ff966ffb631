using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageKit.Registry;

namespace ImageKit.Server;

/// <summary>Makes and reads tokens: JSON web tokens, signed by HMAC-SHA-256 with a key that only this server has, as it is the one that reads them.</summary>
/// <seealso href="https://distribution.github.io/distribution/spec/auth/jwt/"/>
internal sealed class TokenSigner(byte[] key, TimeProvider time)
{
    public const string Service = "imagekit-registry";

    private const string RefreshDomain = "refresh "; // no access token begins so: neither can be passed off as the other

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    /// <summary>Makes a token for a user, or for nobody in particular.</summary>
    public string Sign(string? user, ScopeSet granted, TimeSpan lifetime)
    {
        DateTimeOffset now = time.GetUtcNow();
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("iss", Service);
            writer.WriteString("sub", user ?? "");
            writer.WriteString("aud", Service);
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteNumber("nbf", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
            writer.WriteString("jti", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
            WriteAccess(writer, granted);
            writer.WriteEndObject();
        }
        string body = $"{Header}.{Base64Url.EncodeToString(bytes.ToArray())}";
        return $"{body}.{Base64Url.EncodeToString(Mac(body))}";
    }

    /// <summary>Reads a token that is ours and still good; else null.</summary>
    public (string User, ScopeSet Granted)? Read(string token)
    {
        int dot = token.LastIndexOf('.');
        if (dot < 0 || token.Length > 16 * 1024 || !token.StartsWith(Header + ".", StringComparison.Ordinal)) return null;
        if (!IsSigned(token[..dot], token.AsSpan(dot + 1))) return null;
        // Signed by us, so well-formed.
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(Header.Length + 1, dot - Header.Length - 1)));
        if (claims.RootElement.GetProperty("exp").GetInt64() <= time.GetUtcNow().ToUnixTimeSeconds()) return null;
        IEnumerable<string> scopes = from access in claims.RootElement.GetProperty("access").EnumerateArray()
                                     let actions = access.GetProperty("actions").EnumerateArray().Select(action => action.GetString())
                                     select $"{access.GetProperty("type").GetString()}:{access.GetProperty("name").GetString()}:{string.Join(',', actions)}";
        return (claims.RootElement.GetProperty("sub").GetString() ?? "", ScopeSet.Parse(string.Join(' ', scopes)));
    }

    /// <summary>Makes a token that access tokens are handed out for in place of a password, as long as the user has this one.</summary>
    /// <param name="user">The user.</param>
    /// <param name="mark">See <see cref="PasswordFile.MarkOf"/>.</param>
    public string SignRefresh(string user, string mark)
    {
        string body = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{mark} {user}"));
        return $"{body}.{Base64Url.EncodeToString(Mac(RefreshDomain + body))}";
    }

    /// <summary>Reads such a token; null if it is none of ours.</summary>
    public (string User, string Mark)? ReadRefresh(string token)
    {
        if (token.Length > 4096 || token.Split('.') is not [string body, string signature] || !IsSigned(RefreshDomain + body, signature)) return null;
        string text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(body)); // signed by us, so well-formed
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return (text[(space + 1)..], text[..space]);
    }

    private bool IsSigned(string text, ReadOnlySpan<char> signature)
    {
        Span<byte> bytes = stackalloc byte[64];
        return signature.Length <= 64 && Base64Url.TryDecodeFromChars(signature, bytes, out int length) && CryptographicOperations.FixedTimeEquals(bytes[..length], Mac(text));
    }

    private static void WriteAccess(Utf8JsonWriter writer, ScopeSet granted)
    {
        writer.WriteStartArray("access");
        foreach (string scope in granted.Texts)
        {
            (int first, int last) = (scope.IndexOf(':', StringComparison.Ordinal), scope.LastIndexOf(':'));
            writer.WriteStartObject();
            writer.WriteString("type", scope[..first]);
            writer.WriteString("name", scope[(first + 1)..last]);
            writer.WriteStartArray("actions");
            foreach (string action in scope[(last + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries)) writer.WriteStringValue(action);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private byte[] Mac(string text) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text));
}
