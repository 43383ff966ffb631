using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace ImageKit.Registry;

/// <summary>Asks a token server: by OAuth2's form for an identity token, else by GET.</summary>
/// <seealso href="https://github.com/distribution/distribution/blob/v3.0.0/docs/content/spec/auth/token.md"/>
internal sealed class TokenRequest(RegistryEndpoint endpoint, Transport transport)
{
    private const string ClientId = "imagekit";

    public async Task<TokenAnswer> SendAsync(TokenSource source, ScopeSet wanted, CancellationToken cancel)
    {
        Uri realm = RealmPolicy.Read(endpoint, source.Realm);
        Credential? credential = source.Credential;
        if (credential is not null && !RealmPolicy.MaySeeLogin(endpoint, realm, transport.Options.TrustedRealms)) throw Untrusted(realm, credential);
        if (credential?.IdentityToken is { } identity)
        {
            using Answer answer = await transport.SendForTokenAsync(Form(realm, source, wanted, transport.Refresh.NewestOf(identity)), null, cancel).ConfigureAwait(false);
            // Some servers know the older way alone.
            bool unknown = answer.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed && credential.Username.Length > 0 && credential.Password.Length > 0;
            if (!unknown) return await ReadAsync(realm, credential, answer, cancel).ConfigureAwait(false);
        }
        string? basic = credential is { Username.Length: > 0 } ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.Username}:{credential.Password}")) : null;
        using Answer reply = await transport.SendForTokenAsync(Query(realm, source, wanted), basic, cancel).ConfigureAwait(false);
        return await ReadAsync(realm, credential, reply, cancel).ConfigureAwait(false);
    }

    private RegistryRequest Query(Uri realm, TokenSource source, ScopeSet wanted)
    {
        List<string> parts = [.. wanted.Texts.Select(scope => "scope=" + Uri.EscapeDataString(scope))];
        if (source.Service.Length > 0) parts.Insert(0, "service=" + Uri.EscapeDataString(source.Service));
        if (transport.Refresh.IsLogin) parts.AddRange([$"client_id={ClientId}", "offline_token=true"]);
        string query = string.Join('&', parts);
        UriBuilder url = new(realm);
        if (query.Length > 0) url.Query = url.Query.Length > 1 ? $"{url.Query}&{query}" : query; // the realm's own query stays
        return Base(url.Uri) with { Method = HttpMethod.Get };
    }

    private RegistryRequest Form(Uri realm, TokenSource source, ScopeSet wanted, string identity)
    {
        Dictionary<string, string> fields = new()
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = identity,
            ["client_id"] = ClientId,
            ["service"] = source.Service,
        };
        if (!wanted.IsEmpty) fields["scope"] = wanted.ToString();
        return Base(realm) with { Method = HttpMethod.Post, Body = () => new FormUrlEncodedContent(fields), CanRepeatBody = false };
    }

    private RegistryRequest Base(Uri url) => new()
    {
        Purpose = $"get a token for {endpoint.Host}",
        Method = HttpMethod.Get,
        Endpoint = endpoint,
        Url = url,
        Headers = [("Accept", "application/json")],
    };

    private async Task<TokenAnswer> ReadAsync(Uri realm, Credential? credential, Answer answer, CancellationToken cancel)
    {
        RegistryRequest request = Base(realm);
        if (answer.Status != HttpStatusCode.OK)
        {
            Exchange exchange = new(request, transport.Options.Time);
            throw await AnswerFaults.ReadAsync(exchange, answer, credential?.Origin ?? Authorization.Anonymous, transport.Options.Time, cancel).ConfigureAwait(false);
        }
        try
        {
            byte[]? body = await answer.ReadAsync(TokenAnswer.MostBytes, cancel).ConfigureAwait(false);
            TokenAnswer token = TokenAnswer.Parse(body) ?? throw AnswerFaults.Bad(request, answer, "The token server gave no token.");
            transport.Refresh.Take(token.Refresh, credential?.IdentityToken);
            return token;
        }
        catch (IOException error)
        {
            Exchange exchange = new(request, transport.Options.Time);
            throw ConnectionFaults.Read(exchange, realm, error);
        }
    }

    private RegistryException Untrusted(Uri realm, Credential credential) =>
        new("IK2014", RegistryErrorKind.Denied, $"The login for {endpoint.Host} was not sent to '{realm.Authority}', which the registry names as its token server.",
            "It is not of the registry's domain.", "If you trust it, name it in RegistryOptions.TrustedRealms.")
        {
            Host = endpoint.Host.Name,
            CredentialOrigin = credential.Origin,
        };
}
