using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ImageKit.Registry;

namespace ImageKit.Testing;

/// <summary>Asks for the login, and plays the token server.</summary>
internal sealed class LoginGate(string host, RegistryLogin login, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (ScopeSet Scopes, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);
    private int _last;

    /// <summary>The refusal, or null if the request may pass.</summary>
    public ServedAnswer? Refuse(ServedRequest request, Uri url)
    {
        string? sent = request.Header("Authorization");
        ScopeSet needed = ServedScopes.Needed(request);
        if (!login.UsesTokens)
        {
            bool pull = request.Method is "GET" or "HEAD";
            if (sent == Basic() && (pull || login.MayPush)) return null;
            if (sent == Basic()) return ServedAnswer.Error(403, "DENIED", "this login may not push");
            return sent is null && login.AllowsAnonymousPull && pull ? null : Challenge($"Basic realm=\"{host}\"");
        }
        bool known = sent is not null && _tokens.TryGetValue(sent, out var token) && token.Until > time.GetUtcNow();
        if (known && _tokens[sent!].Scopes.Covers(needed)) return null;
        string realm = login.Realm ?? (url.IsLoopback ? $"{url.Scheme}://{url.Authority}/token" : $"https://auth.{host}/token");
        string scope = needed.IsEmpty ? "" : $",scope=\"{needed}\"";
        return Challenge($"Bearer realm=\"{realm}\",service=\"{host}\"{scope}{(known ? ",error=\"insufficient_scope\"" : "")}");
    }

    /// <summary>The token server: GET with or without a password, or OAuth2's form.</summary>
    public async Task<ServedAnswer> IssueAsync(ServedRequest request, CancellationToken cancel)
    {
        IReadOnlyList<KeyValuePair<string, string>> asked = request.Query;
        bool anonymous = false;
        if (request.Method == "POST")
        {
            using StreamReader reader = new(request.Body, Encoding.UTF8);
            asked = ServedRequest.ParseQuery(await reader.ReadToEndAsync(cancel).ConfigureAwait(false));
            string? refresh = asked.FirstOrDefault(pair => pair.Key == "refresh_token").Value;
            if (login.IdentityToken is null) return new(404);
            if (refresh != login.IdentityToken) return Unauthorized();
        }
        else if (request.Header("Authorization") is { } sent)
        {
            if (sent != Basic()) return Unauthorized();
        }
        else
        {
            anonymous = true;
        }
        ScopeSet wanted = ScopeSet.Parse(string.Join(' ', asked.Where(pair => pair.Key == "scope").Select(pair => pair.Value)));
        if (login.GrantsOneScope) wanted = ScopeSet.Parse(wanted.Texts.FirstOrDefault() ?? "");
        return Token(Granted(wanted, anonymous));
    }

    private ServedAnswer Token(ScopeSet granted)
    {
        string token = $"token-{Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture)}";
        _tokens["Bearer " + token] = (granted, time.GetUtcNow() + login.TokenLifetime);
        return ServedAnswer.OfJson(200, "application/json", writer =>
        {
            writer.WriteString("token", token);
            writer.WriteNumber("expires_in", (long)login.TokenLifetime.TotalSeconds);
        });
    }

    private ScopeSet Granted(ScopeSet wanted, bool anonymous)
    {
        bool pullAlone = anonymous || !login.MayPush;
        if (anonymous && !login.AllowsAnonymousPull) return ScopeSet.Empty;
        if (!pullAlone) return wanted;
        return ServedScopes.PullAlone(wanted);
    }

    private string Basic() => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.Password}"));

    private static ServedAnswer Challenge(string challenge) =>
        ServedAnswer.Error(401, "UNAUTHORIZED", "authentication required").With("WWW-Authenticate", challenge);

    private static ServedAnswer Unauthorized() => ServedAnswer.OfJson(401, "application/json", writer => writer.WriteString("details", "incorrect username or password"));
}
