using System.Text;
using System.Text.Json.Nodes;

namespace ImageKit.Registry;

/// <summary>The `auths` of a file: logins by host, and in containers' form by host and path.</summary>
internal sealed class AuthEntries(string path, JsonObject root)
{
    /// <summary>The login of the longest entry that the repository lies in: `host/a/b`, `host/a`, `host`.</summary>
    public Credential? Find(RegistryHost host, string repository)
    {
        (string Key, JsonObject Entry, string Scope) best = ("", [], "");
        foreach ((string key, JsonObject entry, string scope) in Of(host))
        {
            bool covers = scope.Length == 0 || repository == scope || repository.StartsWith(scope + "/", StringComparison.Ordinal);
            if (covers && HasLogin(entry) && (best.Key.Length == 0 || scope.Length > best.Scope.Length)) best = (key, entry, scope);
        }
        return best.Key.Length == 0 ? null : Read(best.Key, best.Entry);
    }

    /// <summary>Puts a login under the registry's one key and drops its other spellings; null leaves docker's mark that a program has it.</summary>
    public void Set(RegistryHost host, Credential? credential)
    {
        Remove(host);
        if (root["auths"] is not JsonObject auths) root["auths"] = auths = [];
        JsonObject entry = [];
        if (credential is not null)
        {
            if (credential.Username.Length > 0) entry["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}"));
            if (credential.IdentityToken is not null) entry["identitytoken"] = credential.IdentityToken;
            if (credential.RegistryToken is not null) entry["registrytoken"] = credential.RegistryToken;
        }
        auths[host.CredentialKey] = entry;
    }

    /// <summary>Drops every entry for the whole registry; entries for paths in it stay.</summary>
    public bool Remove(RegistryHost host)
    {
        string[] keys = [.. from found in Of(host) where found.Scope.Length == 0 select found.Key];
        foreach (string key in keys) ((JsonObject)root["auths"]!).Remove(key);
        return keys.Length > 0;
    }

    private IEnumerable<(string Key, JsonObject Entry, string Scope)> Of(RegistryHost host)
    {
        if (root["auths"] is not JsonObject auths) yield break;
        foreach ((string key, JsonNode? value) in auths)
        {
            if (value is JsonObject entry && RegistryHost.TryParse(key, out RegistryHost other) && other == host) yield return (key, entry, ScopeOf(key));
        }
    }

    // `https://host/v1/` is the whole host, in docker's older spelling; `host/a` is a path in it.
    private static string ScopeOf(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        string rest = scheme < 0 ? key : key[(scheme + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string scope = slash < 0 ? "" : rest[(slash + 1)..].Trim('/');
        return scope is "v1" or "v2" ? "" : scope;
    }

    // Docker leaves `{}` where a credential program holds the login.
    private static bool HasLogin(JsonObject entry) =>
        Text(entry, "auth") is not null || Text(entry, "username") is not null || Text(entry, "identitytoken") is not null || Text(entry, "registrytoken") is not null;

    private Credential Read(string key, JsonObject entry)
    {
        (string username, string password) = (Text(entry, "username") ?? "", Text(entry, "password") ?? "");
        if (Text(entry, "auth") is { } auth) (username, password) = Decode(key, auth);
        string? identity = Text(entry, "identitytoken");
        // The name that docker gives to a login that is nothing but a token.
        if (username == "<token>") (username, password, identity) = ("", "", identity ?? password);
        return new Credential
        {
            Username = username,
            Password = password,
            IdentityToken = identity,
            RegistryToken = Text(entry, "registrytoken"),
            Origin = $"'{path}' (auths, '{key}')",
        };
    }

    private (string Username, string Password) Decode(string key, string auth)
    {
        byte[] bytes = new byte[auth.Length];
        // UTF-8, not ASCII: passwords have umlauts. Docker pads some with zero bytes.
        string text = Convert.TryFromBase64String(auth, bytes, out int count) ? Encoding.UTF8.GetString(bytes, 0, count).TrimEnd('\0') : "";
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? (text[..colon], text[(colon + 1)..])
            : throw new CredentialException("IK2020", $"The login for '{key}' in '{path}' cannot be read.",
                "Its 'auth' is not the base64 form of 'user:password'.", "Log in again.");
    }

    private static string? Text(JsonObject entry, string name) =>
        entry[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}
